#!/usr/bin/env bash
# with_xvfb.sh COMMAND [ARGS]: runs the command on a display of its own (1920x1080 or $MASKWRIGHT_SCREEN, software GL,
# free display number) and exits with its code. The display goes when the command is done or this script is stopped. Exit code 77 (skipped)
# without Xvfb.
set -uo pipefail
(($#)) || { echo "usage: with_xvfb.sh COMMAND [ARGS]" >&2; exit 2; }
command -v Xvfb >/dev/null || { echo "skipped: no Xvfb (package xvfb)"; exit 77; }

folder=$(mktemp -d) || exit 1
server= child=
finish() {
  [[ -n $child ]] && kill "$child" 2>/dev/null && wait "$child" 2>/dev/null
  [[ -n $server ]] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 129' HUP

# Two servers that start at once may try the same number, and one gives up: it is asked again.
number=
for attempt in 1 2 3 4 5; do
  : >"$folder/display"
  Xvfb -displayfd 3 -screen 0 "${MASKWRIGHT_SCREEN:-1920x1080}x24" -nolisten tcp -noreset 3>"$folder/display" 2>"$folder/log" &
  server=$!
  for ((i = 0; i < 300; i++)); do
    # The number is whole when its line has ended.
    if [[ $(wc -l <"$folder/display") -gt 0 ]]; then
      number=$(<"$folder/display")
      break 2
    fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  kill "$server" 2>/dev/null
  wait "$server" 2>/dev/null
  server=
done
[[ -n $number ]] || { echo "Xvfb does not start:" >&2; cat "$folder/log" >&2; exit 1; }

# Tests of the desktop's own dialogs and notifications bring a session bus and a choice of their own.
export DISPLAY=:$number LIBGL_ALWAYS_SOFTWARE=1 MASKWRIGHT_DIALOGS=builtin
unset WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR
"$@" &
child=$!
wait "$child"
code=$?
child=
exit "$code"
