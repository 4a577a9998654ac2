#include "base/result.h"

#include <cerrno>
#include <system_error>

namespace mw {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_argument:
            return "invalid argument";
        case ErrorCode::not_found:
            return "not found";
        case ErrorCode::permission_denied:
            return "permission denied";
        case ErrorCode::disk_full:
            return "disk full";
        case ErrorCode::io:
            return "input/output";
        case ErrorCode::too_large:
            return "too large";
        case ErrorCode::unsupported:
            return "unsupported";
        case ErrorCode::corrupt:
            return "corrupt";
        case ErrorCode::cancelled:
            return "cancelled";
        case ErrorCode::refused:
            return "refused";
        case ErrorCode::engine:
            return "engine";
    }
    return "unknown";
}

ErrorCode code_from_errno(int error_number) {
    switch (error_number) {
        case ENOENT:
        case ENOTDIR:
            return ErrorCode::not_found;
        case EACCES:
        case EPERM:
        case EROFS:
            return ErrorCode::permission_denied;
        case ENOSPC:
        case EDQUOT:
            return ErrorCode::disk_full;
        case EFBIG:
        case ENOMEM:
            return ErrorCode::too_large;
        default:
            return ErrorCode::io;
    }
}

std::string text_from_errno(int error_number) {
    return std::generic_category().message(error_number);
}

} // namespace mw
