// What there is of a network without the library that runs it.
#include "learned/network.h"

#include <fmt/format.h>

namespace mw::learned {

Tensor Tensor::zeros(Element element, std::vector<std::int64_t> shape) {
    Tensor t{element, std::move(shape), {}};
    const std::size_t bytes = element == Element::u8 ? 1 : element == Element::f32 ? 4 : 8;
    t.data.resize(static_cast<std::size_t>(t.count()) * bytes);
    return t;
}

std::int64_t Tensor::count() const {
    std::int64_t n = 1;
    for (const std::int64_t side : shape)
        n *= side;
    return n;
}

#ifndef MW_ONNXRUNTIME

struct Network::Loaded {
    std::vector<Port> none;
    std::string name;
};

bool runtime_built_in() {
    return false;
}

Result<Network> Network::load(const std::filesystem::path& file) {
    return fail(ErrorCode::unsupported,
                fmt::format("{} cannot be used: this program was built without ONNX Runtime. "
                            "Install it and build again, or use the built-in engine.",
                            file.filename().string()));
}
const std::vector<Port>& Network::inputs() const {
    return loaded_->none;
}
const std::vector<Port>& Network::outputs() const {
    return loaded_->none;
}
const std::string& Network::name() const {
    return loaded_->name;
}
Result<std::vector<Tensor>> Network::run(std::span<const Tensor>, std::stop_token) const {
    return fail(ErrorCode::unsupported, "This program was built without ONNX Runtime.");
}

#endif

} // namespace mw::learned
