// A 3840 x 2160 PNG as one line of an event stream, in pieces as a socket gives them: from the last
// byte to pixels, the whole work, and the most memory held. The peer has the whole body, then
// parses the data line with nlohmann, decodes base64 a character at a time and the PNG with libspng
// in the same process. Each row in a process of its own, so that memory is its own.
#include <fmt/format.h>
#include <spng.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <random>

#include "codec/codec.h"
#include "provider/answer_reader.h"
#include "provider/base64.h"

namespace {

using namespace mw;
using Clock = std::chrono::steady_clock;
constexpr Size kSize{3840, 2160};
constexpr std::size_t kPiece = 16384; // what the transport hands on

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// A photograph with grain, or grain alone where the shared pictures are missing.
image::Image picture() {
    image::Image out(kSize, image::kRgb8);
    auto photo =
        codec::decode_file(std::string(MW_SHARED_IMAGES_DIR) + "/photos/flower_dahlia_4k.jpg");
    std::mt19937 random(3);
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            for (int c = 0; c < 3; ++c) {
                const int value =
                    photo ? photo->pixels.view().pixel<std::uint8_t>(x, y)[c] : (x + y) / 24;
                const int grain = static_cast<int>(random() % 13) - 6;
                out.span().pixel<std::uint8_t>(x, y)[c] =
                    static_cast<std::uint8_t>(std::clamp(value + grain, 0, 255));
            }
    return out;
}

std::string scalar_base64(const std::string& text) {
    static const auto values = [] {
        std::array<int, 256> v{};
        v.fill(-1);
        const std::string_view alphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (std::size_t i = 0; i < 64; ++i)
            v[static_cast<unsigned char>(alphabet[i])] = static_cast<int>(i);
        return v;
    }();
    std::string out;
    out.reserve(text.size() / 4 * 3);
    unsigned all = 0;
    int bits = 0;
    for (const char c : text) {
        const int value = values[static_cast<unsigned char>(c)];
        if (value < 0) break;
        all = (all << 6) | static_cast<unsigned>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>(all >> bits);
        }
    }
    return out;
}

struct Row {
    double last_byte_ms = 1e9, all_ms = 1e9, peak_mb = 0;
};

Row peer(const std::string& stream) {
    Row row;
    std::string body;
    const auto start = Clock::now();
    for (std::size_t i = 0; i < stream.size(); i += kPiece)
        body.append(stream, i, kPiece);
    const auto last = Clock::now();
    const std::size_t from = body.find("data: ") + 6;
    const auto json =
        nlohmann::json::parse(body.begin() + static_cast<std::ptrdiff_t>(from),
                              body.begin() + static_cast<std::ptrdiff_t>(body.find('\n', from)));
    const std::string png = scalar_base64(json["b64_json"].get_ref<const std::string&>());
    spng_ctx* context = spng_ctx_new(0);
    spng_set_png_buffer(context, png.data(), png.size());
    std::size_t size = 0;
    spng_decoded_image_size(context, SPNG_FMT_RGB8, &size);
    std::vector<unsigned char> pixels(size);
    if (spng_decode_image(context, pixels.data(), size, SPNG_FMT_RGB8, 0) != 0) std::abort();
    spng_ctx_free(context);
    row.last_byte_ms = ms_since(last);
    row.all_ms = ms_since(start);
    return row;
}

Row ours(const std::string& stream) {
    Row row;
    provider::AnswerReader reader({});
    reader.head(200, "text/event-stream", "");
    const auto start = Clock::now();
    auto last = start;
    for (std::size_t i = 0; i < stream.size(); i += kPiece) {
        const auto piece = std::string_view(stream).substr(i, kPiece);
        if (i + kPiece >= stream.size()) last = Clock::now();
        if (!reader.feed(std::as_bytes(std::span(piece)))) std::abort();
    }
    auto answer = reader.finish(true);
    if (answer.answers.size() != 1) std::abort();
    const auto decoded = codec::decode(answer.answers[0].bytes, "answer");
    if (!decoded || decoded->pixels.size() != kSize) std::abort();
    row.last_byte_ms = ms_since(last);
    row.all_ms = ms_since(start);
    return row;
}

// In a process of its own; the peak beyond what it began with, its children's included.
Row alone(Row (*run)(const std::string&), const std::string& stream) {
    auto* shared = static_cast<Row*>(
        ::mmap(nullptr, sizeof(Row), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    const pid_t child = ::fork();
    if (child == 0) {
        rusage before{}, self{}, children{};
        ::getrusage(RUSAGE_SELF, &before);
        const Row row = run(stream);
        ::getrusage(RUSAGE_SELF, &self);
        ::getrusage(RUSAGE_CHILDREN, &children);
        *shared = row;
        shared->peak_mb = double(self.ru_maxrss - before.ru_maxrss + children.ru_maxrss) / 1024.0;
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    const Row row = *shared;
    ::munmap(shared, sizeof(Row));
    return row;
}

} // namespace

int main(int argc, char** argv) {
    if (const auto status = codec::run_as_decoder(argc, argv)) return *status;
    const auto png = codec::encode(picture().view(), {}, codec::FileFormat::png);
    if (!png) return 1;
    const std::string stream =
        "event: image_edit.completed\ndata: {\"type\":"
        "\"image_edit.completed\",\"b64_json\":\"" +
        provider::encode_base64(*png) + "\"}\n\n";
    fmt::print("one line of {:.1f} MB, a PNG of {:.1f} MB, {:.1f} MB of pixels\n",
               double(stream.size()) / 1e6, double(png->size()) / 1e6,
               double(kSize.area()) * 3 / 1e6);
    Row best_ours, best_peer;
    const auto better = [](Row& best, const Row& row) {
        best.last_byte_ms = std::min(best.last_byte_ms, row.last_byte_ms);
        best.all_ms = std::min(best.all_ms, row.all_ms);
        best.peak_mb = std::max(best.peak_mb, row.peak_mb);
    };
    for (int turn = 0; turn < 7; ++turn) {
        better(best_peer, alone(peer, stream));
        better(best_ours, alone(ours, stream));
    }
    fmt::print("| | ours | nlohmann + scalar + libspng | ratio |\n");
    fmt::print("| last byte to pixels, ms | {:.0f} | {:.0f} | {:.2f} x |\n", best_ours.last_byte_ms,
               best_peer.last_byte_ms, best_peer.last_byte_ms / best_ours.last_byte_ms);
    fmt::print("| all of the work, ms | {:.0f} | {:.0f} | {:.2f} x |\n", best_ours.all_ms,
               best_peer.all_ms, best_peer.all_ms / best_ours.all_ms);
    fmt::print("| most memory, MB | {:.0f} | {:.0f} | |\n", best_ours.peak_mb, best_peer.peak_mb);
}
