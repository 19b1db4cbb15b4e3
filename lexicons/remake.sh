#!/usr/bin/env bash
# Makes the learnt tables again from the labelled files of two folders
# (default: ../shared/eval/train and ../shared/eval/roles).
#
#   cargo build --release && lexicons/remake.sh [FOLDER [ROLES]]
#
# Takes two minutes on one core. The penalties and the weights of sources were chosen on other files
# (docs/accuracy.md, docs/roles.md); rebuild afterwards, because the tables are packed at build time.
# ONLY=roles makes the table of roles alone.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-../shared/eval/train}
roles=${2:-../shared/eval/roles}
program=${TONALITE:-target/release/tonalite}
if [ "${ONLY:-}" != roles ]; then
    "$program" learn --base --balance 0.75 --ridge 1 "$folder"/*_fr.tsv -o lexicons/fr/learned.tsv
    "$program" learn --base --balance 1.0 --ridge 8 "$folder"/*_en.tsv -o lexicons/en/learned.tsv
fi
# The roles of some posts of the folder, by file and line; the posts themselves are not kept here.
labelled=$(mktemp --suffix .tsv)
trap 'rm -f "$labelled"' EXIT
printf 'role\ttext\n' > "$labelled"
awk -F'\t' 'FNR == NR { role[$1 FS $2] = $3; next }
    FNR == 1 { file = FILENAME; sub(/.*\//, "", file) }
    (file FS FNR) in role { text = $0; sub(/^[^\t]*\t/, "", text); print role[file FS FNR] "\t" text }' \
    lexicons/roles_train.tsv "$folder"/*.tsv >> "$labelled"
# Words are learnt from posts written for this project and from those; the labelled sets of roles only
# tune the weights of cues and grammar.
"$program" learn --task role --base tests/data/roles.jsonl "$labelled" --tune "$roles"/*.jsonl -o lexicons/roles.tsv
