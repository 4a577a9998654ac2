#include "desktop/clipboard.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

#include "desktop/selection_reader.h"
#include "desktop/selection_server.h"
#include "desktop/uri_list.h"

namespace mw::desktop {
namespace {

// Best first. Files are what a file manager copies; some put a picture beside them.
constexpr const char* kTypes[] = {"image/png",   "image/tiff", "image/x-exr",
                                  "image/webp",  "image/jpeg", "image/bmp",
                                  "image/x-bmp", "image/gif",  "text/uri-list"};
// That the program's end may wait for a clipboard manager that is slow and not silent.
constexpr std::chrono::seconds kLongestEnd{30};
constexpr const char* kUriList = "text/uri-list";

std::optional<std::string> best_of(X11Link& link, const Bytes& atoms) {
    std::vector<xcb_atom_t> offered(atoms.size() / sizeof(xcb_atom_t));
    std::memcpy(offered.data(), atoms.data(), offered.size() * sizeof(xcb_atom_t));
    for (const char* type : kTypes)
        if (std::find(offered.begin(), offered.end(), link.atom(type)) != offered.end())
            return type;
    return std::nullopt;
}

tl::unexpected<Error> no_picture() {
    return fail(ErrorCode::not_found,
                "There is no picture on the clipboard; copy one in another program, or open it as "
                "a file.");
}

} // namespace

class Clipboard::Thread {
  public:
    Thread(std::unique_ptr<X11Link> link, Params params)
        : link_(std::move(link)),
          params_(std::move(params)),
          wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          server_(*link_),
          reader_(*link_),
          selection_(link_->atom("CLIPBOARD")) {
        thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
        encoder_ = std::jthread([this](std::stop_token stop) { encode_all(stop); });
    }
    ~Thread() {
        encoder_.request_stop();
        encoder_.join(); // first: it speaks to the thread
        thread_.request_stop();
        wake_thread();
        thread_.join();
        ::close(wake_fd_);
    }

    void paste() {
        {
            const std::lock_guard lock(mutex_);
            wants_paste_ = true;
        }
        wake_thread();
    }

    void copy(Encode encode) {
        const std::lock_guard lock(mutex_);
        encoding_.request_stop();
        to_encode_ = std::move(encode);
        encode_asked_.notify_one();
    }

    std::vector<ClipboardNews> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(news_, {});
    }

  private:
    void wake_thread() const {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
    }

    void tell(ClipboardNews news) {
        {
            const std::lock_guard lock(mutex_);
            news_.push_back(std::move(news));
        }
        if (params_.wake) params_.wake();
    }

    void encode_all(const std::stop_token& ending) {
        for (;;) {
            Encode encode;
            std::stop_source source;
            {
                std::unique_lock lock(mutex_);
                encode_asked_.wait(lock, ending, [this] { return to_encode_ != nullptr; });
                if (ending.stop_requested()) return;
                encode = std::exchange(to_encode_, nullptr);
                encoding_ = source;
            }
            const std::stop_callback end(ending, [&source] { source.request_stop(); });
            auto made = encode(source.get_token());
            if (source.stop_requested()) continue;
            if (!made) {
                tell(Copied{tl::unexpected(made.error())});
                continue;
            }
            auto offer = std::make_shared<Offer>();
            (*offer)["image/png"] = std::move(made->png);
            {
                const std::lock_guard lock(mutex_);
                copied_ = std::move(offer);
                said_ = std::move(made->said);
            }
            wake_thread();
        }
    }

    void run(const std::stop_token& stop) {
        while (!stop.stop_requested() && link_->alive()) {
            take_wishes();
            take_events();
            auto until = server_.drop_stalled();
            if (reader_.state() == SelectionReader::State::waiting)
                until = std::min(until, reader_.heard() + params_.patience);
            link_->wait(wake_fd_, until);
            std::uint64_t ignored = 0;
            [[maybe_unused]] const auto got = ::read(wake_fd_, &ignored, sizeof ignored);
        }
        if (link_->alive() && server_.owns(selection_)) hand_over();
    }

    void take_wishes() {
        bool wants_paste = false;
        std::shared_ptr<const Offer> copied;
        std::string said;
        {
            const std::lock_guard lock(mutex_);
            wants_paste = std::exchange(wants_paste_, false);
            copied = std::exchange(copied_, nullptr);
            said = std::exchange(said_, {});
        }
        if (copied) {
            if (server_.own(selection_, std::move(copied)))
                tell(Copied{std::move(said)});
            else
                tell(Copied{fail(ErrorCode::io,
                                 "Another program took the clipboard in the same "
                                 "moment; copy again.")});
        }
        if (wants_paste) begin_paste();
    }

    void take_events() {
        while (const X11Event event = link_->next()) {
            server_.handle(*event);
            reader_.handle(*event);
            after_reading();
        }
        if (reader_.state() == SelectionReader::State::waiting &&
            Clock::now() - reader_.heard() >= params_.patience) {
            reader_.stop();
            tell(Pasted{fail(ErrorCode::io,
                             "The program that owns the clipboard does not answer; nothing was "
                             "pasted. Copy the picture again, or open it as a file.")});
        }
    }

    void begin_paste() {
        reader_.stop();
        type_.clear();
        if (link_->owner_of(selection_) == XCB_WINDOW_NONE)
            return tell(Pasted{fail(ErrorCode::not_found, "The clipboard is empty.")});
        reader_.begin(selection_, link_->atom("TARGETS"), 1u << 16);
    }

    void after_reading() {
        switch (reader_.state()) {
            case SelectionReader::State::idle:
            case SelectionReader::State::waiting:
                return;
            case SelectionReader::State::refused:
                tell(Pasted{no_picture()});
                break;
            case SelectionReader::State::too_large:
                tell(Pasted{
                    fail(ErrorCode::too_large,
                         fmt::format("What is on the clipboard has more than {} MB; nothing was "
                                     "pasted. Save it in the other program and open the file.",
                                     params_.most_bytes >> 20))});
                break;
            case SelectionReader::State::done:
                if (type_.empty()) {
                    const auto type = best_of(*link_, reader_.take());
                    if (!type) {
                        tell(Pasted{no_picture()});
                        break;
                    }
                    type_ = *type;
                    return reader_.begin(selection_, link_->atom(type_), params_.most_bytes);
                }
                tell(Pasted{content()});
                break;
        }
        reader_.stop();
    }

    Result<ClipboardContent> content() {
        ClipboardContent made;
        made.type = type_;
        made.bytes = reader_.take();
        if (type_ == kUriList) {
            made.files = paths_of_uri_list(
                {reinterpret_cast<const char*>(made.bytes.data()), made.bytes.size()});
            made.bytes.clear();
            if (made.files.empty()) return no_picture();
        } else if (made.bytes.empty()) {
            return fail(ErrorCode::corrupt,
                        "The picture on the clipboard is empty; copy it again "
                        "in the other program.");
        }
        return made;
    }

    // A clipboard manager is asked to keep what we would take with us.
    void hand_over() {
        const xcb_atom_t manager = link_->atom("CLIPBOARD_MANAGER");
        if (link_->owner_of(manager) == XCB_WINDOW_NONE) return;
        const xcb_atom_t list = link_->atom("_MASKWRIGHT_SAVE");
        const xcb_atom_t png = link_->atom("image/png");
        xcb_change_property(link_->x(), XCB_PROP_MODE_REPLACE, link_->window(), list, XCB_ATOM_ATOM,
                            32, 1, &png);
        xcb_convert_selection(link_->x(), link_->window(), manager, link_->atom("SAVE_TARGETS"),
                              list, link_->now());
        const auto last = Clock::now() + kLongestEnd;
        auto until = Clock::now() + params_.patience;
        bool told = false;
        while (link_->alive() && Clock::now() < until && !(told && !server_.sending())) {
            while (const X11Event event = link_->next()) {
                server_.handle(*event);
                until = std::min(Clock::now() + params_.patience, last); // it takes pieces
                if (kind_of(*event) != XCB_SELECTION_NOTIFY) continue;
                const auto& done = reinterpret_cast<const xcb_selection_notify_event_t&>(*event);
                told |= done.selection == manager;
            }
            if (!(told && !server_.sending())) link_->wait(-1, until);
        }
    }

    std::unique_ptr<X11Link> link_; // of thread_ alone from here to type_
    const Params params_;
    const int wake_fd_;
    SelectionServer server_;
    SelectionReader reader_;
    const xcb_atom_t selection_;
    std::string type_; // asked for; empty: which there are
    std::mutex mutex_;
    bool wants_paste_ = false;
    Encode to_encode_; // the newest
    std::condition_variable_any encode_asked_;
    std::stop_source encoding_;
    std::shared_ptr<const Offer> copied_;
    std::string said_;
    std::vector<ClipboardNews> news_;
    std::jthread thread_, encoder_;
};

std::unique_ptr<Clipboard> Clipboard::open(Params params) {
    auto link = X11Link::open();
    if (!link) return nullptr;
    return std::unique_ptr<Clipboard>(
        new Clipboard(std::make_unique<Thread>(std::move(link), std::move(params))));
}

Clipboard::Clipboard(std::unique_ptr<Thread> thread) : thread_(std::move(thread)) {}
Clipboard::~Clipboard() = default;

void Clipboard::paste() {
    thread_->paste();
}
void Clipboard::copy(Encode encode) {
    thread_->copy(std::move(encode));
}
std::vector<ClipboardNews> Clipboard::take() {
    return thread_->take();
}

} // namespace mw::desktop
