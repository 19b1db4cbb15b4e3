#!/usr/bin/env bash
# Makes the learnt tables again from the labelled files of a folder.
#
#   cargo build --release && lexicons/remake.sh [FOLDER]     # default: ../shared/eval
#
# Takes four minutes on two cores. The networks are also taught by a sentence encoder where the files of
# lexicons/teach.py lie in TEACHER (teacher_fr.tsv, teacher_en.tsv); without them they learn from the
# labels alone. Penalties and weights of sources were chosen on other files (docs/accuracy.md,
# docs/roles.md). Rebuild afterwards: everything is packed at build time. ONLY=roles or ONLY=noise makes
# that table alone.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-../shared/eval}
program=${TONALITE:-target/release/tonalite}
if [ -z "${ONLY:-}" ]; then
    "$program" learn --base --balance 0.75 --ridge 0.6 "$folder"/train/*_fr.tsv lexicons/fr/posts.jsonl \
        -o lexicons/fr/learned.tsv
    # Messages to firms and posts of every day, few beside the others, are named again to weigh more.
    service=lexicons/en/service.jsonl everyday=lexicons/en/everyday.jsonl
    "$program" learn --base --balance 1.0 --ridge 8 "$folder"/train/*_en.tsv lexicons/en/posts.jsonl \
        $service $service $service $service $everyday $everyday $everyday -o lexicons/en/learned.tsv
    for language in fr en; do
        teacher=${TEACHER:-}/teacher_$language.tsv
        own=("lexicons/$language/posts.jsonl")
        [ "$language" = en ] && own+=($service $everyday)
        [ -f "$teacher" ] && taught=(--teacher "$teacher") || taught=()
        "$program" learn --network --balance 0.75 "${taught[@]}" "$folder"/train/*_"$language".tsv \
            "${own[@]}" -o "lexicons/$language/network.tsv"
    done
    # Kinds of posts: how far each is heard, and the files that hold them; all other files of the language are of
    # other kinds.
    while read -r language kind share sources; do
        ours=() others=("lexicons/$language/posts.jsonl")
        [ "$language" = en ] && others+=($service $everyday)
        for file in "$folder"/train/*_"$language".tsv; do
            case " $sources " in *" $(basename "$file" .tsv) "*) ours+=("$file") ;; *) others+=("$file") ;; esac
        done
        "$program" learn --expert --share "$share" "${ours[@]}" --ordinary "${others[@]}" \
            -o "lexicons/$language/experts/$kind.tsv"
    done <<'KINDS'
fr environment 0.7 xlmt_fr
fr films 0.7 allocine_fr allocine3_fr series_fr
fr insurance 0.7 avis_assurance_fr
fr meals 0.7 tripadvisor_fr
fr politics 0.7 deft17_fr
en tweets 0.2 semeval_en
KINDS
fi
if [ "${ONLY:-noise}" = noise ]; then
    crowd=("$folder"/train/{semeval_en,xlmt_fr,deft17_fr,avis_assurance_fr,tripadvisor_fr,sst_en,resto_fr,booking_box_fr}.tsv)
    "$program" learn --task noise tests/data/noise.jsonl --ordinary "${crowd[@]}" -o lexicons/shared/noise.tsv
    if [ -n "${ONLY:-}" ]; then exit; fi
fi
# The roles of some posts of the folder, by file and line; the posts themselves are not kept here.
labelled=$(mktemp --suffix .tsv)
trap 'rm -f "$labelled"' EXIT
printf 'role\ttext\n' > "$labelled"
awk -F'\t' 'FNR == NR { role[$1 FS $2] = $3; next }
    FNR == 1 { file = FILENAME; sub(/.*\//, "", file) }
    (file FS FNR) in role { text = $0; sub(/^[^\t]*\t/, "", text); print role[file FS FNR] "\t" text }' \
    lexicons/roles_train.tsv "$folder"/train/*.tsv >> "$labelled"
# Words are learnt from posts written for this project (those to firms teach intents alone) and from those;
# the labelled sets of roles only tune the weights of cues and grammar.
"$program" learn --task role --base lexicons/*/{posts,service}.jsonl "$labelled" --tune "$folder"/roles/*.jsonl \
    -o lexicons/roles.tsv
