#!/usr/bin/env bash
# ./run.sh           builds what is out of date, then opens the window on the sample picture;
#                    without a display: edits the sample headless, prints the figures, writes pictures to out/.
# ./run.sh ARGS...   builds, then runs maskwright ARGS (see `./run.sh --help`).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$root/tools/build.sh"
bash "$root/tools/setup.sh" run
build release maskwright
app=$root/build/release/maskwright

(($#)) && exec "$app" "$@"

have_display() {
  if [[ -n ${DISPLAY:-} ]] && timeout 3 xdpyinfo >/dev/null 2>&1; then
    return 0
  fi
  # GLFW 3.3 speaks Wayland only in a package of its own.
  [[ -n ${WAYLAND_DISPLAY:-} && -S ${XDG_RUNTIME_DIR:-/nowhere}/$WAYLAND_DISPLAY ]] &&
    dpkg-query -W -f '${db:Status-Status}' libglfw3-wayland 2>/dev/null | grep -qx installed
}

sample=$root/assets/sample/still_life.png
if have_display; then
  cat <<'EOF'
Maskwright opens on a sample. Try this:
  paint over the blue toy brick and its shadow, type "remove the brick" into the prompt, press Ctrl+Enter;
  hold \ to see the original, press Ctrl+Z to undo, drop another picture onto the window to open it.
EOF
  exec "$app" "$sample"
fi

mask=$root/assets/sample/still_life.mask.png
out=$root/out
mkdir -p "$out"
echo "No display: removing the blue toy brick from assets/sample/still_life.png with the built-in engine ..."
"$app" edit "$sample" --mask "$mask" --prompt "remove the blue toy brick" -o "$out/still_life.edited.png" \
  --overwrite --json \
  >"$out/still_life.edit.json"
"$app" compare "$sample" "$out/still_life.edited.png" --mask "$mask" --side-by-side "$out/still_life.side_by_side.png" \
  --heatmap "$out/still_life.heatmap.png" --overwrite --json >"$out/still_life.compare.json"

/usr/bin/env python3 "$root/tools/figures.py" "$out/still_life.edit.json" "$out/still_life.compare.json"
echo "Written:"
for name in edited side_by_side heatmap; do
  [[ -s $out/still_life.$name.png ]] || { echo "missing: out/still_life.$name.png" >&2; exit 1; }
  echo "  $out/still_life.$name.png"
done
