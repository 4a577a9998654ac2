// The file dialog that the desktop has: that of its portal (org.freedesktop.portal.FileChooser,
// over D-Bus), else Zenity's. Asked on a thread of its own; the window lives on meanwhile.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"

namespace mw::desktop {

struct FileQuestion {
    std::string title, verb;        // "Open a picture", "Open"
    std::filesystem::path folder;   // where it begins, absolute
    std::string name;               // proposed, when something is saved
    bool saves = false;             // the dialog then asks before it takes one that exists
    bool several = false;           // more than one may be chosen
    std::string kind;               // "Pictures"; empty: any file
    std::vector<std::string> globs; // "*.png", of that kind
    unsigned long parent = 0;       // X11 window it stands over; 0: none
};

struct FileAnswer {
    bool asked = false; // false: there is no such dialog here, and nothing was shown
    std::vector<std::filesystem::path> paths; // absolute; empty: the person wants nothing
    std::string problem;                      // of one that was shown and failed; a sentence
};

enum class Dialogs { automatic, portal, zenity, none };
// By $MASKWRIGHT_DIALOGS: "portal", "zenity", "builtin"; anything else is automatic.
Dialogs dialogs_of_environment();
// False when neither can be there: no session bus, and no zenity on $PATH. Quick.
bool may_have_dialogs(Dialogs which);

// One question, from when it is made to its answer.
class FileChooser {
  public:
    // `wake`, from another thread: answer() has one.
    FileChooser(FileQuestion question, Dialogs which, std::function<void()> wake);
    ~FileChooser(); // closes the dialog; quick
    FileChooser(const FileChooser&) = delete;
    FileChooser& operator=(const FileChooser&) = delete;

    std::optional<FileAnswer> answer(); // once

  private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
    std::jthread thread_;
};

} // namespace mw::desktop
