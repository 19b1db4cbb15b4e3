#!/usr/bin/env bash
# Makes the learnt tables again from the labelled files of a folder (default: ../shared/eval/train).
#
#   cargo build --release && lexicons/remake.sh [FOLDER]
#
# Takes two minutes on one core. The penalties and the weights of sources were chosen on other files
# (docs/accuracy.md); rebuild afterwards, because the tables are packed at build time.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-../shared/eval/train}
program=${TONALITE:-target/release/tonalite}
"$program" learn --base --balance 0.75 --ridge 1 "$folder"/*_fr.tsv -o lexicons/fr/learned.tsv
"$program" learn --base --balance 1.0 --ridge 8 "$folder"/*_en.tsv -o lexicons/en/learned.tsv
