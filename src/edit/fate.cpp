#include "edit/fate.h"

namespace mw::edit {

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::answered:
            return "answered";
        case Outcome::not_sent:
            return "not sent";
        case Outcome::refused:
            return "refused before billing";
        case Outcome::unknown:
            return "unknown";
        case Outcome::undecodable:
            return "received but not decodable";
    }
    return "unknown";
}

std::string_view meaning(Outcome outcome) {
    switch (outcome) {
        case Outcome::answered:
            return "It was answered and is paid for.";
        case Outcome::not_sent:
            return "Nothing was sent, so nothing is owed.";
        case Outcome::refused:
            return "The service refused before doing anything, so nothing is owed.";
        case Outcome::unknown:
            return "It may have been charged: the service may have done the work though no whole "
                   "answer came back.";
        case Outcome::undecodable:
            return "It was probably charged: an answer came and is kept, but it is no picture that "
                   "can be read.";
    }
    return "";
}

} // namespace mw::edit
