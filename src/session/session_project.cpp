// The document as a project: how the canvas was left, and whether it may go.
#include <fmt/format.h>

#include "session/session_impl.h"

namespace mw::session {

void Session::Impl::on(const KeepCanvasView& a) {
    if (document) document->canvas = a.canvas;
}

bool Session::may_end() {
    if (!impl_->document) return true;
    impl_->on(CloseDocument{});
    impl_->refresh();
    return view_.document == nullptr;
}

} // namespace mw::session
