#include "support/fake_backend.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "codec/codec.h"

namespace mw::test {
namespace {

image::Image answer_of(const edit::EditRequest& request, int value, int spill = 0) {
    image::Image picture = image::clone(request.pixels->view());
    const image::PixelFormat format = picture.format();
    for (int y = 0; y < picture.height(); ++y) {
        const auto* mask = request.mask->view().row<std::uint8_t>(y);
        for (int x = 0; x < picture.width(); ++x) {
            const int reach = std::min(x + spill, picture.width() - 1);
            if (std::all_of(mask + x, mask + reach + 1, [](auto m) { return m == 0; })) continue;
            for (int c = 0; c < format.color_channels(); ++c) {
                if (format.type == image::SampleType::u8)
                    picture.span().pixel<std::uint8_t>(x, y)[c] = static_cast<std::uint8_t>(value);
                else
                    picture.span().pixel<std::uint16_t>(x, y)[c] =
                        static_cast<std::uint16_t>(value * 257);
            }
        }
    }
    return picture;
}

} // namespace

FakeBackend::FakeBackend(std::string provider) : provider_(std::move(provider)) {}

void FakeBackend::script(std::vector<Reply> replies) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(replies);
}

void FakeBackend::release(int run) {
    const std::lock_guard lock(mutex_);
    released_.insert(run);
    changed_.notify_all();
}

void FakeBackend::release_all() {
    const std::lock_guard lock(mutex_);
    all_released_ = true;
    changed_.notify_all();
}

bool FakeBackend::wait_for_run(int run) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes(1), [&] { return reached_.contains(run); });
}

int FakeBackend::runs() const {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(requests_.size());
}

edit::EditRequest FakeBackend::request(int run) const {
    const std::lock_guard lock(mutex_);
    return requests_.at(static_cast<std::size_t>(run));
}

FakeBackend::Reply FakeBackend::reply_of(int run) const {
    if (script_.empty()) return {};
    return script_[std::min(static_cast<std::size_t>(run), script_.size() - 1)];
}

std::vector<edit::ModelCapabilities> FakeBackend::models() const {
    edit::ModelCapabilities plain, strict;
    plain.provider = strict.provider = provider_;
    plain.id = "plain";
    plain.max_count = 4;
    plain.keeps_depth = true;
    strict = plain;
    strict.id = "strict"; // takes sizes no small picture has
    strict.size.multiple = 16;
    strict.size.min_side = 64;
    strict.max_prompt_chars = 20;
    return {plain, strict};
}

Status FakeBackend::check(const std::string& prompt, const edit::EditParams&) const {
    if (prompt == "impossible")
        return fail(ErrorCode::unsupported, "The fake engine cannot do that; ask for less.");
    return {};
}

Result<edit::EditResult> FakeBackend::run(const edit::EditRequest& request,
                                          const edit::EditObserver& observer,
                                          std::stop_token stop) {
    int run = 0;
    Reply reply;
    {
        const std::lock_guard lock(mutex_);
        run = static_cast<int>(requests_.size());
        requests_.push_back(request);
        reply = reply_of(run);
    }
    observer.on_phase(edit::Phase::thinking, 0.25);
    for (int i = 0; i < reply.partials; ++i)
        observer.on_partial(std::make_shared<const image::Image>(answer_of(request, 100 + 10 * i)));
    {
        std::unique_lock lock(mutex_);
        reached_.insert(run);
        changed_.notify_all();
        const auto go_on = [&] { return all_released_ || released_.contains(run); };
        if (reply.hold && reply.deaf) changed_.wait(lock, go_on);
        if (reply.hold && !reply.deaf) changed_.wait(lock, stop, go_on);
    }
    if (stop.stop_requested() && !reply.deaf)
        return fail(ErrorCode::cancelled, "The fake engine was stopped.");
    if (reply.fail) return tl::unexpected(*reply.fail);
    edit::EditResult result;
    result.what_was_done = "filled with " + std::to_string(reply.value);
    result.cost.actual_usd = 0.015;
    result.laying = reply.laying;
    for (int i = 0; i < reply.count.value_or(request.params.count); ++i) {
        Bytes bytes(9, std::byte{'?'});
        if (!reply.garbage) {
            const image::Image answer = reply.size
                                            ? image::Image(*reply.size, request.pixels->format())
                                            : answer_of(request, reply.value + i, reply.spill);
            auto encoded = codec::encode(answer.view(), {}, codec::FileFormat::png);
            if (!encoded) return tl::unexpected(encoded.error());
            bytes = std::move(*encoded);
        }
        result.answers.push_back({std::move(bytes), "image/png"});
    }
    return result;
}

} // namespace mw::test
