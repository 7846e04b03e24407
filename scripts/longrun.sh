#!/usr/bin/env bash
# longrun.sh [DOCUMENTS] [FOLDER]: generated documents in, read, indexed, searched,
# compared, changed and read again, with time, memory and open files of each step.
# 100000 documents take hours and some gigabytes; Linux only. RACE=1 uses a binary
# with the race detector.
set -euo pipefail
n=${1:-1000}
work=${2:-$(mktemp -d)}
mkdir -p "$work/texts"
cd "$(dirname "$0")/.."
. scripts/measure.sh
. scripts/plans.sh
go build ${RACE:+-race} -o "$work/tuogou" ./cmd/tuogou
t="$work/tuogou --data $work/data"

generate "$work/texts" 0 "$n" 2017
echo "$n documents, $(du -sh "$work/texts" | cut -f1), $(nproc) processors"
measure add $t add "$work/texts"
measure "run (read, index)" $t run
measure "run (nothing new)" $t run
measure "search" $t search 办公用房 place:示例 --json
measure "search, all hits" $t search 脱钩 --all --format jsonl
measure "compare" $t timeline --format csv
generate "$work/texts" 0 $((n / 100 + 1)) 2018
measure "add (1 % changed)" $t add "$work/texts"
measure "run (1 % changed)" $t run
measure "verify --quick" $t verify --quick
measure "backup" $t backup "$work/backup"
[ $# -ge 2 ] || rm -rf "$work"
