// JSON whose large base64 strings are decoded while they arrive and never stand in a tree.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "provider/base64.h"

namespace mw::provider {

struct PayloadLimits {
    std::size_t max_rest_bytes = 4u << 20;      // of the document without the payloads
    std::size_t max_payload_bytes = 256u << 20; // of one payload, decoded
    std::size_t max_payloads = 64;
    int max_depth = 64;
};

// A string value of one of the keys below.
struct Payload {
    Bytes bytes;         // decoded as far as it is sound base64
    std::string problem; // empty: complete and strict base64
};

// A scanner that tracks strings, escapes and depth only; what is left when the payloads are taken
// out is parsed by nlohmann, which is where anything malformed is found.
class PayloadJson {
  public:
    // `keys`: whose string values are payloads, at any depth. In the document payload_at() says
    // which one stood there.
    explicit PayloadJson(std::vector<std::string> keys, PayloadLimits limits = {});

    // Errors: too_large. After an error nothing more may be fed.
    Status feed(std::string_view text);
    // The document without its payloads. Invalid UTF-8 became U+FFFD, a byte-order mark is
    // dropped, of equal keys the last counts. Errors: corrupt.
    Result<nlohmann::json> finish();

    std::vector<Payload>& payloads() { return payloads_; }
    // Characters of payloads so far: bytes that are no heartbeat.
    std::size_t payload_characters() const { return payload_characters_; }
    bool empty() const { return rest_.empty(); }
    void clear(); // for the next document

  private:
    Status payload(std::string_view text, std::size_t& taken);
    Status keep(std::string_view text);

    std::vector<std::string> keys_;
    PayloadLimits limits_;
    std::string rest_;
    std::vector<Payload> payloads_;
    Base64Decoder decoder_;
    std::string last_string_; // of the string that was read last, without escapes' meaning
    bool in_string_ = false, escaped_ = false, in_payload_ = false;
    bool string_ended_ = false; // only white space since
    bool after_key_ = false;    // a wanted key and its colon
    int depth_ = 0;
    std::size_t payload_characters_ = 0;
};

// Text of JSON with the same care: depth, UTF-8, no exceptions. Errors: corrupt, too_large.
Result<nlohmann::json> parse_json(std::string_view text, PayloadLimits limits = {});

// Members that may be missing or of another type, without exceptions. Empty, absent: not there.
std::string text_at(const nlohmann::json& object, const char* key);
const nlohmann::json* member(const nlohmann::json& object, const char* key);
// Which payload stood under the key; -1: none.
int payload_at(const nlohmann::json& object, const char* key);
// A whole number 0 .. 2^53, else `fallback`.
long long count_at(const nlohmann::json& object, const char* key, long long fallback = 0);

} // namespace mw::provider
