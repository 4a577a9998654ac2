// Errors as values. What the world can cause is a Result; what only a bug can cause is an assert.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace mw {

enum class ErrorCode {
    invalid_argument, // the caller's words or numbers make no sense together
    not_found,        // file, directory, iteration or font that is not there
    permission_denied,
    disk_full,
    io,          // any other failure of the file system or of a pipe
    too_large,   // over a limit that protects the machine; the message has the numbers
    unsupported, // legal, known, and not done by this version
    corrupt,     // bytes that are not what they claim to be
    cancelled,
    refused, // would cost more than the budget, or overwrite something
    engine,  // a backend could not do what was asked
};

// One sentence for a person: what failed, on which thing, what was kept, what to do. No trailing
// newline.
struct Error {
    ErrorCode code = ErrorCode::io;
    std::string message;

    bool operator==(const Error&) const = default;
};

// tl::expected that must not be dropped.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  public:
    using Base = tl::expected<T, Error>;
    using Base::Base;
    Result() = default;
    Result(Base other) : Base(std::move(other)) {}
};
using Status = Result<void>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
    return tl::unexpected<Error>(Error{code, std::move(message)});
}

std::string_view to_string(ErrorCode code);

// The code and a short reason for an errno value of a failed call, "No space left on device" and so
// on.
ErrorCode code_from_errno(int error_number);
std::string text_from_errno(int error_number);

} // namespace mw
