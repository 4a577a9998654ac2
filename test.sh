#!/usr/bin/env bash
# ./test.sh         builds and tests everything: ASan+UBSan, TSan, then release with every label. Non-zero on a failure.
# ./test.sh quick   release only.
# The sanitizers come first so that what is printed last is ctest's own closing of the full run.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root" || exit 1
. "$root/tools/build.sh"
jobs=${MASKWRIGHT_JOBS:-$(nproc)}
failed=()

# stage NAME COMMAND...: runs, says how long it took, remembers a failure.
stage() {
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  if ! "$@"; then
    failed+=("$name")
    echo "== $name: FAILED after $((SECONDS - start)) s"
    return 1
  fi
  # Nothing after the last stage, so that ctest's closing stays last.
  [[ $name == "release: tests" ]] || echo "== $name: $((SECONDS - start)) s"
}

# build_matching PRESET PATTERN: the targets whose whole name matches; mw_test names its binaries <label>_<name>.
build_matching() {
  local list
  configure "$1" again || return 1
  mapfile -t list < <(ninja -C "build/$1" -t targets all | sed -nE "s#^($2): (phony|CXX_EXECUTABLE_LINKER.*)\$#\1#p")
  ((${#list[@]})) || { echo "No target of $1 matches $2."; return 1; }
  build "$1" "${list[@]}"
}

# test_labels PRESET LABELS: LABELS as an alternation.
# A test binary that was not built leaves a test <name>_NOT_BUILT without a label, which -L would pass over in silence.
test_labels() {
  local listing
  listing=$("${wrap[@]}" ctest --test-dir "build/$1" -N) || { echo "$listing"; return 1; }
  if grep -E ": ($2)_[A-Za-z0-9_]*_NOT_BUILT" <<<"$listing"; then
    echo "The test binaries above were not built."
    return 1
  fi
  "${wrap[@]}" ctest --test-dir "build/$1" -L "^($2)\$" -j "$jobs" --output-on-failure --no-tests=error
}

bash tools/setup.sh test || exit 1
if [[ ${1:-} != quick ]]; then
  export ASAN_OPTIONS=${ASAN_OPTIONS-allocator_may_return_null=1} UBSAN_OPTIONS=${UBSAN_OPTIONS-print_stacktrace=1}
  stage "asan: build" build_matching asan '(unit|io)_[A-Za-z0-9_]+|maskwright' &&
    stage "asan: tests unit, io" test_labels asan 'unit|io'
  # GCC 12's TSan cannot place its shadow where a new kernel randomises addresses by 32 bits: run without randomising.
  setarch -R true 2>/dev/null && wrap=(setarch -R)
  stage "tsan: build" build_matching tsan 'tsan_[A-Za-z0-9_]+' && stage "tsan: tests tsan" test_labels tsan tsan
  wrap=()
fi
build_release() { configure release again && build release all; }
stage "release: build" build_release &&
  stage "release: tests" ctest --test-dir build/release -j "$jobs" --output-on-failure --no-tests=error

if ((${#failed[@]})); then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
