#!/usr/bin/env bash
# Every file in shaders/ is valid GLSL. Exit code 77 (skipped) without glslangValidator (package glslang-tools).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
command -v glslangValidator >/dev/null || { echo "skipped: no glslangValidator"; exit 77; }
shopt -s nullglob
shaders=(shaders/*.vert shaders/*.frag shaders/*.comp)
((${#shaders[@]})) || { echo "shaders/ is empty"; exit 1; }
bad=0
for shader in "${shaders[@]}"; do
  glslangValidator "$shader" || bad=1
done
exit $bad
