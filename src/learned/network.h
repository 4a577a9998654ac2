// A trained network from an ONNX file, run by ONNX Runtime where the program was built with it.
// Nothing else in the program knows of that library.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace mw::learned {

enum class Element : std::uint8_t { f32, u8, i64, other };

// What goes in or out. A side that the file leaves open is -1.
struct Port {
    std::string name;
    Element element = Element::other;
    std::vector<std::int64_t> shape;
};

// Row-major, packed; `data` has the product of the shape times the element's bytes.
struct Tensor {
    Element element = Element::f32;
    std::vector<std::int64_t> shape;
    Bytes data;

    static Tensor zeros(Element element, std::vector<std::int64_t> shape);
    std::int64_t count() const;
    template <class T>
    std::span<T> as() {
        return {reinterpret_cast<T*>(data.data()), data.size() / sizeof(T)};
    }
    template <class T>
    std::span<const T> as() const {
        return {reinterpret_cast<const T*>(data.data()), data.size() / sizeof(T)};
    }
};

bool runtime_built_in();

// Immutable once loaded; run() may be called from several threads.
class Network {
  public:
    // At most 1 GiB, weights inside the file. Errors: those of reading a file; unsupported when the
    // program was built without ONNX Runtime (what to install is said); corrupt for what is no
    // network, or one of operators that the library does not know.
    static Result<Network> load(const std::filesystem::path& file);

    const std::vector<Port>& inputs() const;
    const std::vector<Port>& outputs() const;
    const std::string& name() const; // of the file, for people

    // Blocks; one tensor for each input, in their order. Errors: invalid_argument for other shapes
    // than the inputs', engine for what the network does not do with them or gives no tensor of a
    // known element for, too_large when memory is short, cancelled soon after `stop`.
    Result<std::vector<Tensor>> run(std::span<const Tensor> inputs, std::stop_token stop) const;

  private:
    struct Loaded;
    std::shared_ptr<const Loaded> loaded_;
};

} // namespace mw::learned
