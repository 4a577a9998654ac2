#include "provider/payload_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace mw::provider {
namespace {

constexpr std::size_t kMaxKey = 64;
constexpr const char* kPlace = "@payload"; // what stands where a payload was

// Every byte that belongs to no UTF-8 character (Unicode 15, table 3-7) as U+FFFD.
std::string valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = [&](std::size_t k) {
            return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u;
        };
        const unsigned lead = byte(0), second = byte(1);
        std::size_t n = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (lead > 0xf4) n = 0;
        for (std::size_t k = 1; k < n; ++k)
            if ((byte(k) & 0xc0) != 0x80) n = 0;
        if ((lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90) ||
            (lead == 0xed && second >= 0xa0) || (lead == 0xf4 && second >= 0x90))
            n = 0;
        if (n == 0) {
            out += "\xEF\xBF\xBD";
            ++i;
        } else {
            out += text.substr(i, n);
            i += n;
        }
    }
    return out;
}

bool white(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Lone surrogates in \u escapes are errors to nlohmann, but they come in messages: U+FFFD.
std::string repair_surrogates(std::string text) {
    const auto hex = [&](std::size_t i) -> int {
        int value = 0;
        for (std::size_t k = 2; k < 6; ++k) {
            if (i + k >= text.size()) return -1;
            const char c = text[i + k];
            const int digit = c >= '0' && c <= '9'   ? c - '0'
                              : c >= 'a' && c <= 'f' ? c - 'a' + 10
                              : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                     : -1;
            if (digit < 0) return -1;
            value = value * 16 + digit;
        }
        return value;
    };
    for (std::size_t i = 0; (i = text.find('\\', i)) != std::string::npos;) {
        if (i + 1 >= text.size() || text[i + 1] != 'u') {
            i += 2;
            continue;
        }
        const int value = hex(i);
        const bool high = value >= 0xd800 && value < 0xdc00,
                   low = value >= 0xdc00 && value < 0xe000;
        if (high && i + 7 < text.size() && text[i + 6] == '\\' && text[i + 7] == 'u') {
            const int next = hex(i + 6);
            if (next >= 0xdc00 && next < 0xe000) {
                i += 12;
                continue;
            }
        }
        if (high || low) text.replace(i, 6, "\\ufffd");
        i += 6;
    }
    return text;
}

} // namespace

PayloadJson::PayloadJson(std::vector<std::string> keys, PayloadLimits limits)
    : keys_(std::move(keys)), limits_(limits) {}

void PayloadJson::clear() {
    PayloadJson fresh(std::move(keys_), limits_);
    fresh.payload_characters_ = payload_characters_;
    *this = std::move(fresh);
}

Status PayloadJson::keep(std::string_view text) {
    if (rest_.size() + text.size() > limits_.max_rest_bytes)
        return fail(ErrorCode::too_large,
                    fmt::format("The service's answer has more than {} bytes beside its pictures; "
                                "reading stopped.",
                                limits_.max_rest_bytes));
    rest_ += text;
    return {};
}

// The inside of a payload's string up to its quote. Escaped slashes are slashes; any other escape
// is no base64.
Status PayloadJson::payload(std::string_view text, std::size_t& taken) {
    Payload& payload = payloads_.back();
    taken = 0;
    while (taken < text.size()) {
        if (escaped_) {
            escaped_ = false;
            const char c = text[taken++];
            if (payload.problem.empty() && !(c == '/' && decoder_.feed("/", payload.bytes)))
                payload.problem = "it has characters that are not base64";
            continue;
        }
        const std::string_view left = text.substr(taken);
        const std::size_t quote = left.find('"');
        std::string_view piece = left.substr(0, quote);
        const std::size_t slash = piece.find('\\');
        piece = piece.substr(0, slash);
        if (payload.problem.empty() && !decoder_.feed(piece, payload.bytes))
            payload.problem = "it has characters that are not base64";
        if (payload.bytes.size() > limits_.max_payload_bytes)
            return fail(ErrorCode::too_large,
                        fmt::format("A picture in the answer has more than {} MB; reading stopped.",
                                    limits_.max_payload_bytes >> 20));
        payload_characters_ += piece.size();
        taken += piece.size();
        if (slash != std::string_view::npos) {
            escaped_ = true;
            ++taken;
        } else if (quote != std::string_view::npos) {
            in_payload_ = false;
            ++taken;
            if (payload.problem.empty() && !decoder_.finish())
                payload.problem = "its base64 is cut off";
            if (payload.problem.empty() && payload.bytes.empty()) payload.problem = "it is empty";
            return keep(fmt::format("{{\"{}\":{}}}", kPlace, payloads_.size() - 1));
        }
    }
    return {};
}

Status PayloadJson::feed(std::string_view text) {
    std::size_t kept_from = 0, i = 0;
    const auto flush = [&](std::size_t to) { return keep(text.substr(kept_from, to - kept_from)); };
    while (i < text.size()) {
        if (in_payload_) {
            std::size_t taken = 0;
            if (Status ok = payload(text.substr(i), taken); !ok) return ok;
            kept_from = i += taken;
            continue;
        }
        const char c = text[i];
        if (in_string_) {
            if (escaped_) {
                escaped_ = false;
            } else if (c == '\\') {
                escaped_ = true;
            } else if (c == '"') {
                in_string_ = false;
                string_ended_ = true;
                ++i;
                continue;
            }
            if (last_string_.size() < kMaxKey) last_string_ += c;
            ++i;
            continue;
        }
        if (c == '"') {
            if (after_key_) {
                if (payloads_.size() >= limits_.max_payloads)
                    return fail(ErrorCode::too_large,
                                fmt::format("The answer holds more than {} pictures; reading "
                                            "stopped.",
                                            limits_.max_payloads));
                if (Status ok = flush(i); !ok) return ok;
                payloads_.emplace_back();
                decoder_ = {};
                in_payload_ = true;
                escaped_ = after_key_ = string_ended_ = false;
                kept_from = ++i;
                continue;
            }
            in_string_ = true;
            string_ended_ = false;
            last_string_.clear();
        } else if (c == ':') {
            after_key_ =
                string_ended_ && std::find(keys_.begin(), keys_.end(), last_string_) != keys_.end();
            string_ended_ = false;
        } else if (!white(c)) {
            string_ended_ = after_key_ = false;
            if (c == '{' || c == '[') {
                if (++depth_ > limits_.max_depth)
                    return fail(ErrorCode::too_large,
                                fmt::format("The answer is nested deeper than {} levels; reading "
                                            "stopped.",
                                            limits_.max_depth));
            } else if (c == '}' || c == ']') {
                --depth_;
            }
        }
        ++i;
    }
    return flush(text.size());
}

Result<nlohmann::json> PayloadJson::finish() {
    if (in_payload_ || in_string_)
        return fail(ErrorCode::corrupt, "The answer ends in the middle of a text.");
    std::string_view text = rest_;
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
    if (std::all_of(text.begin(), text.end(), white))
        return fail(ErrorCode::corrupt, "The answer is empty.");
    nlohmann::json json =
        nlohmann::json::parse(repair_surrogates(valid_utf8(text)), nullptr, false);
    if (json.is_discarded()) return fail(ErrorCode::corrupt, "The answer is not JSON.");
    return json;
}

Result<nlohmann::json> parse_json(std::string_view text, PayloadLimits limits) {
    limits.max_rest_bytes = std::max(limits.max_rest_bytes, std::size_t{1});
    PayloadJson reader({}, limits);
    if (Status ok = reader.feed(text); !ok) return tl::unexpected(ok.error());
    return reader.finish();
}

const nlohmann::json* member(const nlohmann::json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto it = object.find(key);
    return it == object.end() || it->is_null() ? nullptr : &*it;
}

std::string text_at(const nlohmann::json& object, const char* key) {
    const nlohmann::json* value = member(object, key);
    return value && value->is_string() ? value->get_ref<const std::string&>() : std::string();
}

int payload_at(const nlohmann::json& object, const char* key) {
    const nlohmann::json* place = member(object, key);
    return place ? static_cast<int>(count_at(*place, kPlace, -1)) : -1;
}

long long count_at(const nlohmann::json& object, const char* key, long long fallback) {
    const nlohmann::json* value = member(object, key);
    if (!value || !value->is_number()) return fallback;
    const double number = value->get<double>();
    if (!(number >= 0) || number > 9007199254740992.0 || number != std::floor(number))
        return fallback;
    return static_cast<long long>(number);
}

} // namespace mw::provider
