// A candidate that is dragged out of the window as a PNG file.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "app/window.h"
#include "desktop/drag_source.h"
#include "session/desk.h"

namespace mw::app {

class DragWork {
  public:
    // `folder`: where the files lie that other programs are pointed to; theirs for as long as they
    // read them, and cleared of what is a day old with the next drag.
    DragWork(std::filesystem::path folder, std::function<void()> wake);

    void begin(project::IterationId id, const session::Desk& desk, const Window& window);
    // Says what went wrong. True when something was said.
    bool pump(session::Desk& desk);

  private:
    struct Shared {
        std::mutex mutex;
        std::optional<Error> problem;
    };
    std::filesystem::path folder_;
    std::function<void()> wake_;
    std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
    std::unique_ptr<desktop::DragSource> drag_;
};

} // namespace mw::app
