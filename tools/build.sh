# Sourced by run.sh and test.sh, which set $root. $wrap: a command in front of ninja and ctest, or empty.
wrap=()

# configure PRESET [again]: configures build/PRESET when it is not yet, or was made for another folder (a moved clone);
# with "again" always, as new folders of tests are seen only then.
configure() {
  local dir=$root/build/$1 log=$root/build/$1.log
  mkdir -p "$root/build"
  if [[ -f $dir/build.ninja ]]; then
    if ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$dir/CMakeCache.txt"; then
      rm -rf "$dir"
    elif [[ -z ${2:-} ]]; then
      return 0
    fi
  fi
  [[ -f $dir/build.ninja ]] || echo "Configuring $1 ..." >&2
  if ! (cd "$root" && cmake --preset "$1") >"$log" 2>&1; then
    grep -vE '^-- ' "$log" | tail -n 30 >&2
    echo "Configuring $1 failed; all of it: $log" >&2
    return 1
  fi
  grep -hE 'fetch.sh: WARNING' "$log" >&2 || true
}

# build PRESET TARGETS...: output goes to build/PRESET.log; a terminal gets a counter, other places a line each tenth,
# and the messages when something failed.
build() {
  local preset=$1 dir=$root/build/$1 log=$root/build/$1.log tty=0
  shift
  configure "$preset" || return 1
  [[ -t 2 ]] && tty=1
  if ! "${wrap[@]}" ninja -C "$dir" -j "${MASKWRIGHT_JOBS:-$(nproc)}" "$@" 2>&1 | tee "$log" |
    awk -v tty=$tty -v preset="$preset" '
      match($0, /^\[[0-9]+\/[0-9]+\] (Building|Linking|Generating)/) {
        split(substr($0, 2), n, /[\/\]]/)
        if (n[2] < 4) next
        if (tty) printf "\rBuilding %s %d/%d ", preset, n[1], n[2]
        else if (int(n[1] * 10 / n[2]) > tenth) {
          tenth = int(n[1] * 10 / n[2])
          print "Building " preset " " n[1] "/" n[2]
        }
        shown = 1
        fflush()
      }
      END { if (tty && shown) print "" }' >&2; then
    grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating)|^ninja: Entering' "$log" | head -n 40 >&2
    echo "Building $preset failed; all of it: $log" >&2
    return 1
  fi
}
