#!/usr/bin/env bash
# Makes the learnt tables and networks again from the labelled files of a folder.
#
#   cargo build --release && lexicons/remake.sh [FOLDER]     # default: ../shared/eval
#
# Takes four minutes on one core. The networks are also taught by a sentence encoder where the files
# of lexicons/teach.py lie in TEACHER (teacher_fr.tsv, teacher_en.tsv); without them they learn from the labels
# alone. Penalties and weights of sources were chosen on other files (docs/accuracy.md). Rebuild
# afterwards: everything is packed at build time.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-../shared/eval}
program=${TONALITE:-target/release/tonalite}
"$program" learn --base --balance 0.75 --ridge 1 "$folder"/train/*_fr.tsv -o lexicons/fr/learned.tsv
"$program" learn --base --balance 1.0 --ridge 8 "$folder"/train/*_en.tsv -o lexicons/en/learned.tsv
for language in fr en; do
    teacher=${TEACHER:-}/teacher_$language.tsv
    [ -f "$teacher" ] && taught=(--teacher "$teacher") || taught=()
    "$program" learn --network --balance 0.75 "${taught[@]}" "$folder"/train/*_"$language".tsv \
        -o "lexicons/$language/network.tsv"
done
