// Hands Dear ImGui its queued input in portions that keep their meaning.
#pragma once

namespace mw::ui {

// ImGui::NewFrame with only as much of the queue as one frame can tell apart; the rest stays for
// the next. Unlike ImGui's own rule, a key and the release of its modifier never share a frame
// (Ctrl+Enter let go quickly would arrive as Enter), and letters typed into a text field do: a
// slow machine must not lag behind the typing.
void new_frame_in_order();

} // namespace mw::ui
