#include "provider/openai_request.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <random>

#include "codec/codec.h"
#include "provider/base64.h"
#include "provider/upload.h"

namespace mw::provider {
namespace {

using Json = nlohmann::ordered_json;

std::string size_text(const edit::EditRequest& request) {
    return fmt::format("{}x{}", request.plan.request_size.width, request.plan.request_size.height);
}

std::shared_ptr<const Bytes> shared(Bytes bytes) {
    return std::make_shared<const Bytes>(std::move(bytes));
}

// The picture with the marks drawn over it, for models that take no markup of their own.
image::Image marked(image::ImageView picture, image::ImageView marks) {
    image::Image out(picture.size, image::kRgb8);
    const int channels = picture.format.channels, colors = picture.format.color_channels();
    const bool deep = picture.format.type == image::SampleType::u16;
    for (int y = 0; y < picture.size.height; ++y) {
        const auto* mark = marks.row<std::uint8_t>(y);
        auto* to = out.span().row<std::uint8_t>(y);
        for (int x = 0; x < picture.size.width; ++x)
            for (int c = 0; c < 3; ++c) {
                const int at = channels * x + (colors == 1 ? 0 : c);
                const int from = deep ? picture.row<std::uint16_t>(y)[at] / 257
                                      : picture.row<std::uint8_t>(y)[at];
                const int a = mark[4 * x + 3];
                to[3 * x + c] =
                    static_cast<std::uint8_t>((mark[4 * x + c] * a + from * (255 - a) + 127) / 255);
            }
    }
    return out;
}

// Where the values of both kinds of request come from.
std::vector<std::pair<std::string, Json>> parameters(const edit::EditRequest& request,
                                                     const edit::ModelCapabilities& model) {
    const edit::EditParams& p = request.params;
    std::vector<std::pair<std::string, Json>> out;
    const auto add = [&](const char* name, const std::string& value, bool known) {
        if (known && !value.empty()) out.emplace_back(name, value);
    };
    out.emplace_back("size", size_text(request));
    add("quality", p.quality, !model.qualities.empty());
    add("complexity", p.complexity, !model.complexities.empty());
    add("background", p.background, !model.backgrounds.empty());
    add("input_fidelity", p.input_fidelity, !model.input_fidelities.empty());
    add("output_format", p.format, !model.formats.empty());
    if (p.compression) out.emplace_back("output_compression", *p.compression);
    if (p.partials > 0) out.emplace_back("partial_images", p.partials);
    return out;
}

std::string file_name(const edit::Reference& reference, std::size_t index) {
    const std::string_view ending = reference.media_type == "image/jpeg"   ? "jpg"
                                    : reference.media_type == "image/webp" ? "webp"
                                                                           : "png";
    return fmt::format("reference-{}.{}", index + 1, ending);
}

// JSON whose large strings are pieces of their own: each is named by a mark in the text.
class BodyWithFiles {
  public:
    std::string data_url(std::string_view media_type, const Bytes& bytes) {
        files_.push_back(encode_base64(bytes));
        return fmt::format("data:{};base64,{}", media_type, mark(files_.size() - 1));
    }
    RequestBody finish(const Json& json) {
        const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
        RequestBody body;
        body.content_type = "application/json";
        std::size_t from = 0;
        for (std::size_t i = 0; i < files_.size(); ++i) {
            const std::size_t at = text.find(mark(i), from);
            body.add(text.substr(from, at - from));
            body.add(std::move(files_[i]));
            from = at + mark(i).size();
        }
        body.add(text.substr(from));
        return body;
    }

  private:
    // Random, so that no prompt holds it.
    std::string mark(std::size_t index) const {
        return fmt::format("@{:08x}{:08x}-{:02}@", nonce_[0], nonce_[1], index);
    }
    std::vector<std::string> files_;
    std::array<unsigned, 2> nonce_{std::random_device{}(), std::random_device{}()};
};

} // namespace

Result<UploadSet> encode_uploads(const edit::EditRequest& request,
                                 const edit::ModelCapabilities& model) {
    UploadSet set;
    set.prompt = request.prompt;
    set.references = request.params.references;
    if (!request.pixels) return set;
    auto image = encode_pixels(request);
    if (!image) return tl::unexpected(image.error());
    if (model.max_image_bytes > 0 &&
        image->bytes.size() >= static_cast<std::size_t>(model.max_image_bytes))
        return fail(ErrorCode::too_large,
                    fmt::format("The crop makes a file of {:.1f} MB, but {} takes at most {:.1f}; "
                                "nothing was sent. Mark a smaller part.",
                                double(image->bytes.size()) / 1e6, model.id,
                                double(model.max_image_bytes) / 1e6));
    set.image = shared(std::move(image->bytes));
    if (request.markup) {
        const bool own = model.takes_markup;
        const image::Image drawn =
            own ? image::Image() : marked(request.pixels->view(), request.markup->view());
        auto bytes =
            codec::encode(own ? request.markup->view() : drawn.view(), {}, codec::FileFormat::png);
        if (!bytes) return tl::unexpected(bytes.error());
        if (own) {
            set.markup = shared(std::move(*bytes));
            return set; // excludes the mask
        }
        set.references.insert(set.references.begin(),
                              {"the picture with marks", shared(std::move(*bytes)), "image/png",
                               request.plan.request_size});
        set.prompt +=
            "\nThe second image is the first with marks and notes drawn over it that say "
            "what to do where. Follow them, and draw none of them.";
        set.notes.push_back(
            fmt::format("{} takes no markup, so the marked picture is sent as a "
                        "reference",
                        model.id));
    }
    if (model.takes_mask && request.mask) {
        auto mask = encode_mask(request, model);
        if (!mask) return tl::unexpected(mask.error());
        set.mask = shared(std::move(mask->bytes));
        set.notes.insert(set.notes.end(), mask->notes.begin(), mask->notes.end());
    }
    return set;
}

RequestBody images_body(const edit::EditRequest& request, const ModelFacts& model,
                        const UploadSet& uploads, bool stream) {
    const edit::ModelCapabilities& known = model.capabilities;
    if (!uploads.image) {
        Json json{{"model", request.params.model}, {"prompt", uploads.prompt}};
        for (auto& [name, value] : parameters(request, known))
            if (name != "complexity" && name != "input_fidelity") json[name] = value;
        if (!request.params.moderation.empty()) json["moderation"] = request.params.moderation;
        if (request.params.count > 1) json["n"] = request.params.count;
        if (stream) json["stream"] = true;
        return RequestBody::json(json.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    Multipart form;
    form.field("model", request.params.model);
    form.field("prompt", uploads.prompt);
    form.file(uploads.references.empty() ? "image" : "image[]", "image.png", "image/png",
              uploads.image);
    for (std::size_t i = 0; i < uploads.references.size(); ++i)
        form.file("image[]", file_name(uploads.references[i], i), uploads.references[i].media_type,
                  uploads.references[i].file);
    if (uploads.mask) form.file("mask", "mask.png", "image/png", uploads.mask);
    if (uploads.markup) form.file("markup", "markup.png", "image/png", uploads.markup);
    if (request.params.count > 1) form.field("n", std::to_string(request.params.count));
    for (const auto& [name, value] : parameters(request, known))
        form.field(name, value.is_string() ? value.get<std::string>() : value.dump());
    if (stream) form.field("stream", "true");
    return form.finish();
}

RequestBody responses_body(const edit::EditRequest& request, const ModelFacts& model,
                           const UploadSet& uploads, const std::string& outer_model) {
    BodyWithFiles body;
    Json content = Json::array();
    content.push_back({{"type", "input_text"}, {"text", uploads.prompt}});
    const auto picture = [&](std::string_view type, const Bytes& bytes) {
        content.push_back({{"type", "input_image"},
                           {"image_url", body.data_url(type, bytes)},
                           {"detail", "high"}});
    };
    if (uploads.image) picture("image/png", *uploads.image);
    for (const edit::Reference& reference : uploads.references)
        picture(reference.media_type, *reference.file);
    Json tool{{"type", "image_generation"},
              {"model", request.params.model},
              {"action", uploads.image ? "edit" : "generate"}};
    for (auto& [name, value] : parameters(request, model.capabilities))
        tool[name] = value;
    if (!request.params.moderation.empty()) tool["moderation"] = request.params.moderation;
    if (uploads.mask)
        tool["input_image_mask"] = {{"image_url", body.data_url("image/png", *uploads.mask)}};
    Json json{{"model", outer_model}};
    if (!request.params.continues.empty()) json["previous_response_id"] = request.params.continues;
    json["input"] = Json::array({{{"role", "user"}, {"content", std::move(content)}}});
    json["tools"] = Json::array({std::move(tool)});
    json["tool_choice"] = {{"type", "image_generation"}};
    json["background"] = true;
    json["store"] = true; // without it nothing can be picked up again
    json["stream"] = true;
    return body.finish(json);
}

} // namespace mw::provider
