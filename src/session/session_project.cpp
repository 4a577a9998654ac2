// The document as a project: how the canvas was left, and whether it may go.
#include <fmt/format.h>

#include "session/session_impl.h"

namespace mw::session {

void Session::Impl::on(const KeepCanvasView& a) {
    if (document) document->canvas = a.canvas;
}

bool Session::may_end() {
    if (!impl_->has_unsaved_work()) return true;
    impl_->notify(Severity::warning,
                  "The shown result has not been exported; close the window again to drop it.");
    impl_->refresh();
    return false;
}

} // namespace mw::session
