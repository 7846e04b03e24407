# measure NAME COMMAND… runs a command and prints its time, highest resident memory
# and highest number of open files, as it is seen every tenth of a second.
measure() {
  local name=$1 start end pid peak=0 files=0 code=0 kb n
  shift
  start=$(date +%s.%N)
  "$@" >"$work/out" 2>"$work/err" &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    kb=$(awk '/^VmHWM/ {print $2}' "/proc/$pid/status" 2>/dev/null || true)
    n=$(ls "/proc/$pid/fd" 2>/dev/null | wc -l || true)
    [ "${kb:-0}" -gt "$peak" ] && peak=$kb
    [ "${n:-0}" -gt "$files" ] && files=$n
    sleep 0.1
  done
  wait "$pid" || code=$?
  end=$(date +%s.%N)
  awk -v n="$name" -v s="$start" -v e="$end" -v k="$peak" -v f="$files" -v c="$code" \
    'BEGIN {printf "%-22s %8.1f s %7.0f MB %4d files  exit %d\n", n, e - s, k / 1024, f, c}'
}
