#!/usr/bin/env bash
# workers.sh [DOCUMENTS] [FAULTS] [FOLDER]: DOCUMENTS generated documents, read by one
# process with SQLite and by 1, 2 and 4 workers with PostgreSQL, with time and CPU of each;
# then FAULTS documents, read by three workers on hosts of their own (network namespaces)
# of which one is killed, while the database crashes and one host is cut off for a minute.
# All exports, ledgers and answers have to be equal, byte for byte. Linux and root only;
# needs PostgreSQL (Debian: postgresql), iproute2 and cmp.
set -euo pipefail
n=${1:-1000}
faults=${2:-1000}
work=${3:-$(mktemp -d)}
cd "$(dirname "$0")/.."
. scripts/measure.sh
. scripts/plans.sh
pg=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb | tail -1)")
go build -o "$work/tuogou" ./cmd/tuogou

# The hosts: a bridge, on which the database listens, and a namespace for each.
net=10.77.0
cleanup() {
  trap - EXIT
  for p in $(jobs -p); do kill "$p" 2>/dev/null || true; done
  runuser -u postgres -- "$pg/pg_ctl" stop -D "$work/pg/data" -m immediate >/dev/null 2>&1 || true
  for h in 1 2 3 4; do ip netns del "tuogou$h" 2>/dev/null || true; done
  ip link del tuogou0 2>/dev/null || true
  [ -n "${keep:-}" ] || rm -rf "$work"
}
[ $# -lt 3 ] || keep=1
trap cleanup EXIT
ip link add tuogou0 type bridge
ip addr add $net.1/24 dev tuogou0
ip link set tuogou0 up
for h in 1 2 3 4; do
  ip netns add "tuogou$h"
  ip link add "tuogou0v$h" type veth peer name eth0 netns "tuogou$h"
  ip link set "tuogou0v$h" master tuogou0 up
  ip -n "tuogou$h" addr add "$net.1$h/24" dev eth0
  ip -n "tuogou$h" link set eth0 up
done

database() { runuser -u postgres -- "$pg/pg_ctl" "$@" -D "$work/pg/data" -w -l "$work/pg/log" >/dev/null; }
chmod 755 "$work"
mkdir "$work/pg" && chown postgres "$work/pg"
runuser -u postgres -- "$pg/initdb" -D "$work/pg/data" -U tuogou -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
echo "host all all $net.0/24 trust" >>"$work/pg/data/pg_hba.conf"
printf "listen_addresses = '%s'\nport = 5477\nunix_socket_directories = '%s'\nshared_buffers = 512MB\n" "$net.1" "$work/pg" >>"$work/pg/data/postgresql.conf"
database start
store() { echo "postgres://tuogou@$net.1:5477/postgres?sslmode=disable&search_path=$1"; }
ask() { "$pg/psql" -h "$work/pg" -p 5477 -U tuogou -d postgres -tAc "$1"; }
# CPU seconds of the processes of the database that have ended.
pgcpu() { awk -v hz="$(getconf CLK_TCK)" '{print ($16 + $17) / hz}' "/proc/$(head -1 "$work/pg/data/postmaster.pid")/stat"; }

# worker HOST SCHEMA STAGES [FLAG…] starts one in the background.
worker() {
  local h=$1 s=$2 stages=$3
  shift 3
  mkdir -p "$work/h$h"
  TUOGOU_STORE=$(store "$s") ip netns exec "tuogou$h" "$work/tuogou" --data "$work/h$h" worker --drain --stages "$stages" "$@" >"$work/h$h.out" 2>&1 &
}

# outputs FOLDER SCHEMA writes what the data set says, SCHEMA "sqlite" for that of the folder.
outputs() {
  local address=sqlite
  [ "$2" = sqlite ] || address=$(store "$2")
  TUOGOU_STORE=$address "$work/tuogou" --data "$1" export >"$work/$2.jsonl"
  TUOGOU_STORE=$address "$work/tuogou" --data "$1" timeline --format csv |
    sed -E 's/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z//' >"$work/$2.csv" # but for the second of each change
  TUOGOU_STORE=$address "$work/tuogou" --data "$1" verify --quick >/dev/null
}

# equal SCHEMA compares the outputs with those of the one process.
equal() {
  local kind
  for kind in jsonl csv; do
    cmp "$work/sqlite.$kind" "$work/$1.$kind"
    echo "  $1.$kind equals that of one process ($(wc -l <"$work/$1.$kind") lines)"
  done
}

# reference COUNT makes the documents and what one process makes of them.
reference() {
  rm -rf "$work/texts" "$work/one" "$work/seed"
  mkdir -p "$work/texts"
  generate "$work/texts" 0 "$1" 2017
  measure "add, SQLite" "$work/tuogou" --data "$work/seed" add "$work/texts"
  cp -r "$work/seed" "$work/one"
  measure "extract, SQLite" "$work/tuogou" --data "$work/one" extract
  outputs "$work/one" sqlite
}

echo "$n documents, $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
reference "$n"
TUOGOU_STORE=$(store add) measure "add, PostgreSQL" "$work/tuogou" --data "$work/one" add "$work/texts"
for w in 1 2 4; do
  s=w$w
  "$work/tuogou" --data "$work/seed" migrate --to "$(store $s)" >/dev/null 2>&1
  TUOGOU_STORE=$(store $s) measure "run --jobs" "$work/tuogou" --data "$work/one" run --jobs
  before=$(pgcpu)
  TIMEFORMAT='%R %U %S'
  took=$({ time { for h in $(seq "$w"); do worker "$h" $s crawl,read,finish; done; wait; } 2>/dev/null; } 2>&1 | tail -1)
  sleep 1
  finish=$(ask "SELECT extract(epoch FROM finalized_at - attempted_at) FROM $s.river_job WHERE queue = 'finish'")
  reads=$(ask "SELECT extract(epoch FROM max(finalized_at) - min(attempted_at)) FROM $s.river_job WHERE queue = 'read'")
  awk -v w="$w" -v n="$n" -v t="$took" -v f="$finish" -v r="$reads" -v b="$before" -v a="$(pgcpu)" 'BEGIN { split(t, x, " ")
    printf "%d workers: %.1f s in all, CPU %.1f s of workers, %.1f s of the database; reading %.1f s = %.0f documents a second, finish %.1f s\n", w, x[1], x[2] + x[3], a - b, r, n / r, f }'
  outputs "$work/one" $s
  equal $s
done
s=w1
TUOGOU_STORE=$(store $s) measure "index, folder" "$work/tuogou" --data "$work/one" index --rebuild
ask "SELECT 'database: ' || string_agg(c.relname || ' ' || pg_size_pretty(pg_total_relation_size(c.oid)), ', ' ORDER BY pg_total_relation_size(c.oid) DESC) FROM pg_class c
  WHERE relnamespace = '$s'::regnamespace AND relkind = 'r' AND pg_total_relation_size(c.oid) > 200000"
ask "SELECT 'kept for all documents: ' || string_agg(key || ' ' || pg_size_pretty(length(value)::bigint), ', ') FROM $s.meta WHERE length(value) > 10000"
echo "index: $(du -sh "$work/one/index" | cut -f1)"
[ "$faults" -gt 0 ] || exit 0

echo "$faults documents under faults, load $(cut -d' ' -f1 /proc/loadavg)"
reference "$faults"
s=faults
"$work/tuogou" --data "$work/seed" migrate --to "$(store $s)" >/dev/null 2>&1
TUOGOU_STORE=$(store $s) "$work/tuogou" --data "$work/one" run --jobs
reached() { until [ "$(ask "SELECT count(*) FROM $s.river_job WHERE queue = 'read' AND state = 'completed'")" -ge "$1" ]; do sleep 0.2; done; }
start=$(date +%s)
say() { echo "  $(($(date +%s) - start)) s: $*"; }
worker 1 $s read,finish && first=$!
worker 2 $s read,finish
worker 3 $s read,finish
reached $((faults / 5))
kill -9 $first && say "a worker is killed"
reached $((faults * 2 / 5))
database stop -m immediate && say "the database has crashed"
sleep 5
database start && say "it is back"
reached $((faults / 2))
ip link set tuogou0v2 down && say "a host is cut off; $(ask "SELECT count(*) FROM $s.river_job WHERE queue = 'read' AND state = 'completed'") documents are read"
sleep 60
say "it is back; $(ask "SELECT count(*) FROM $s.river_job WHERE queue = 'read' AND state = 'completed'") documents are read"
ip link set tuogou0v2 up
wait
say "all is done: $(ask "SELECT string_agg(k, ', ') FROM (SELECT state || ' ' || count(*) AS k FROM $s.river_job WHERE queue = 'read' GROUP BY state) x"), $(ask "SELECT count(*) FROM $s.river_job WHERE queue = 'read' AND cardinality(errors) > 0") of them tried again"
outputs "$work/one" $s
equal $s
for q in 办公用房 "脱钩 公示"; do
  "$work/tuogou" --data "$work/one" index >/dev/null 2>&1
  "$work/tuogou" --data "$work/one" search "$q" --all --format jsonl >"$work/a" || true
  mkdir -p "$work/h1"
  TUOGOU_STORE=$(store $s) "$work/tuogou" --data "$work/h1" index >/dev/null 2>&1
  TUOGOU_STORE=$(store $s) "$work/tuogou" --data "$work/h1" search "$q" --all --format jsonl >"$work/b" || true
  sort "$work/a" >"$work/a.sorted"
  sort "$work/b" >"$work/b.sorted"
  cmp "$work/a.sorted" "$work/b.sorted"
  echo "  search $q: $(wc -l <"$work/b") hits, equal"
done
