// The one place that speaks to ONNX Runtime, through its C interface: no exception of its crosses.
#ifdef MW_ONNXRUNTIME

#include <fmt/format.h>
#include <onnxruntime_c_api.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "base/parallel.h"
#include "learned/network.h"

namespace mw::learned {
namespace {

// What of the interface is used is older than this; newer libraries still have it.
constexpr std::uint32_t kApi = 12;
constexpr std::uint64_t kMostBytes = 1ull << 30;
constexpr std::size_t kMostPorts = 64;

const OrtApi* api() {
    static const OrtApi* const found = OrtGetApiBase()->GetApi(kApi);
    return found;
}

// Frees what the library made.
struct Release {
    void operator()(OrtEnv* p) const { api()->ReleaseEnv(p); }
    void operator()(OrtSession* p) const { api()->ReleaseSession(p); }
    void operator()(OrtSessionOptions* p) const { api()->ReleaseSessionOptions(p); }
    void operator()(OrtRunOptions* p) const { api()->ReleaseRunOptions(p); }
    void operator()(OrtMemoryInfo* p) const { api()->ReleaseMemoryInfo(p); }
    void operator()(OrtValue* p) const { api()->ReleaseValue(p); }
    void operator()(OrtTypeInfo* p) const { api()->ReleaseTypeInfo(p); }
    void operator()(OrtTensorTypeAndShapeInfo* p) const { api()->ReleaseTensorTypeAndShapeInfo(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Release>;

// What went wrong, in the library's words, on one line; empty: nothing.
std::string said(OrtStatus* status) {
    if (status == nullptr) return {};
    std::string text = api()->GetErrorMessage(status);
    api()->ReleaseStatus(status);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    if (text.size() > 160) text.resize(160);
    return text.empty() ? "it is not said why" : text;
}

Element element_of(ONNXTensorElementDataType type) {
    switch (type) {
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT:
            return Element::f32;
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8:
            return Element::u8;
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64:
            return Element::i64;
        default:
            return Element::other;
    }
}
ONNXTensorElementDataType type_of(Element element) {
    switch (element) {
        case Element::u8:
            return ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8;
        case Element::i64:
            return ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64;
        default:
            return ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
    }
}

std::string read_shape(const OrtTensorTypeAndShapeInfo* info, Port& port) {
    ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    std::size_t count = 0;
    if (auto text = said(api()->GetTensorElementType(info, &type)); !text.empty()) return text;
    if (auto text = said(api()->GetDimensionsCount(info, &count)); !text.empty()) return text;
    if (count > 16) return "a tensor of more than 16 dimensions";
    port.element = element_of(type);
    port.shape.resize(count);
    return said(api()->GetDimensions(info, port.shape.data(), count));
}

using NameOf = OrtStatusPtr (*)(const OrtSession*, std::size_t, OrtAllocator*, char**);
using TypeOf = OrtStatusPtr (*)(const OrtSession*, std::size_t, OrtTypeInfo**);

std::string read_port(const OrtSession* session, std::size_t i, NameOf name_of, TypeOf type_of_port,
                      Port& port) {
    OrtAllocator* allocator = nullptr;
    if (auto text = said(api()->GetAllocatorWithDefaultOptions(&allocator)); !text.empty())
        return text;
    char* name = nullptr;
    if (auto text = said(name_of(session, i, allocator, &name)); !text.empty()) return text;
    port.name = name;
    (void)said(api()->AllocatorFree(allocator, name));
    OrtTypeInfo* type = nullptr;
    if (auto text = said(type_of_port(session, i, &type)); !text.empty()) return text;
    const Owned<OrtTypeInfo> held(type);
    const OrtTensorTypeAndShapeInfo* shape = nullptr;
    if (auto text = said(api()->CastTypeInfoToTensorInfo(type, &shape)); !text.empty()) return text;
    return shape ? read_shape(shape, port) : std::string(); // no tensor: Element::other
}

} // namespace

struct Network::Loaded {
    std::string name;
    Owned<OrtEnv> environment;
    Owned<OrtSession> session;
    std::vector<Port> inputs, outputs;
};

bool runtime_built_in() {
    return true;
}

Result<Network> Network::load(const std::filesystem::path& file) {
    auto loaded = std::make_shared<Loaded>();
    loaded->name = file.filename().string();
    if (api() == nullptr)
        return fail(ErrorCode::unsupported,
                    "The ONNX Runtime of this system is too old (1.12 is needed); use the built-in "
                    "engine, or install a newer one.");
    auto bytes = read_file(file, kMostBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    const auto no = [&](const std::string& why) {
        return fail(ErrorCode::corrupt,
                    fmt::format("{} is no network that can be used ({}); point to another file.",
                                loaded->name, why));
    };
    OrtEnv* environment = nullptr;
    // Only what is fatal: its log goes to the terminal, errors come back as values anyway.
    if (auto text = said(api()->CreateEnv(ORT_LOGGING_LEVEL_FATAL, "maskwright", &environment));
        !text.empty())
        return no(text);
    loaded->environment.reset(environment);
    OrtSessionOptions* made = nullptr;
    if (auto text = said(api()->CreateSessionOptions(&made)); !text.empty()) return no(text);
    const Owned<OrtSessionOptions> options(made);
    (void)said(api()->SetIntraOpNumThreads(made, parallel_threads()));
    OrtSession* session = nullptr;
    if (auto text = said(api()->CreateSessionFromArray(environment, bytes->data(), bytes->size(),
                                                       made, &session));
        !text.empty())
        return no(text);
    loaded->session.reset(session);
    std::size_t in = 0, out = 0;
    if (auto text = said(api()->SessionGetInputCount(session, &in)); !text.empty()) return no(text);
    if (auto text = said(api()->SessionGetOutputCount(session, &out)); !text.empty())
        return no(text);
    if (in > kMostPorts || out > kMostPorts) return no("it has too many inputs or outputs");
    loaded->inputs.resize(in);
    loaded->outputs.resize(out);
    for (std::size_t i = 0; i < in; ++i)
        if (auto text = read_port(session, i, api()->SessionGetInputName,
                                  api()->SessionGetInputTypeInfo, loaded->inputs[i]);
            !text.empty())
            return no(text);
    for (std::size_t i = 0; i < out; ++i)
        if (auto text = read_port(session, i, api()->SessionGetOutputName,
                                  api()->SessionGetOutputTypeInfo, loaded->outputs[i]);
            !text.empty())
            return no(text);
    Network network;
    network.loaded_ = std::move(loaded);
    return network;
}

const std::vector<Port>& Network::inputs() const {
    return loaded_->inputs;
}
const std::vector<Port>& Network::outputs() const {
    return loaded_->outputs;
}
const std::string& Network::name() const {
    return loaded_->name;
}

Result<std::vector<Tensor>> Network::run(std::span<const Tensor> inputs,
                                         std::stop_token stop) const {
    const auto no = [&](const std::string& why) {
        return fail(ErrorCode::engine,
                    fmt::format("{} gave no answer ({}); the picture is as it was.", name(), why));
    };
    if (inputs.size() != loaded_->inputs.size())
        return fail(ErrorCode::invalid_argument, "A network is given one tensor for each input.");
    OrtMemoryInfo* memory = nullptr;
    if (auto text = said(api()->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory));
        !text.empty())
        return no(text);
    const Owned<OrtMemoryInfo> held_memory(memory);
    std::vector<Owned<OrtValue>> held;
    std::vector<const OrtValue*> values;
    std::vector<const char*> in_names, out_names;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const Tensor& t = inputs[i];
        OrtValue* value = nullptr;
        // The library does not write to what goes in.
        if (auto text = said(api()->CreateTensorWithDataAsOrtValue(
                memory, const_cast<std::byte*>(t.data.data()), t.data.size(), t.shape.data(),
                t.shape.size(), type_of(t.element), &value));
            !text.empty())
            return no(text);
        held.emplace_back(value);
        values.push_back(value);
        in_names.push_back(loaded_->inputs[i].name.c_str());
    }
    for (const Port& port : loaded_->outputs)
        out_names.push_back(port.name.c_str());
    OrtRunOptions* options = nullptr;
    if (auto text = said(api()->CreateRunOptions(&options)); !text.empty()) return no(text);
    const Owned<OrtRunOptions> held_options(options);
    std::vector<OrtValue*> answers(out_names.size(), nullptr);
    std::string failed;
    {
        const std::stop_callback on_stop(
            stop, [&] { (void)said(api()->RunOptionsSetTerminate(options)); });
        failed =
            said(api()->Run(loaded_->session.get(), options, in_names.data(), values.data(),
                            values.size(), out_names.data(), out_names.size(), answers.data()));
    }
    std::vector<Owned<OrtValue>> held_answers;
    for (OrtValue* value : answers)
        held_answers.emplace_back(value);
    if (stop.stop_requested())
        return fail(ErrorCode::cancelled, "Cancelled; the picture is as it was.");
    if (!failed.empty()) return no(failed);
    std::vector<Tensor> out;
    for (OrtValue* value : answers) {
        int is_tensor = 0;
        if (value == nullptr || !said(api()->IsTensor(value, &is_tensor)).empty() || !is_tensor)
            return no("what came is no tensor");
        OrtTensorTypeAndShapeInfo* info = nullptr;
        if (auto text = said(api()->GetTensorTypeAndShape(value, &info)); !text.empty())
            return no(text);
        const Owned<OrtTensorTypeAndShapeInfo> held_info(info);
        Port port;
        if (auto text = read_shape(info, port); !text.empty()) return no(text);
        std::int64_t count = 1;
        for (const std::int64_t side : port.shape) {
            if (side < 0 || (side > 0 && count > (std::int64_t{1} << 30) / side))
                return no("its answer has more values than a picture");
            count *= side;
        }
        Tensor t;
        t.element = port.element;
        t.shape = port.shape;
        void* data = nullptr;
        if (t.element != Element::other) {
            if (auto text = said(api()->GetTensorMutableData(value, &data)); !text.empty())
                return no(text);
            t = Tensor::zeros(port.element, port.shape);
            if (!t.data.empty()) std::memcpy(t.data.data(), data, t.data.size());
        }
        out.push_back(std::move(t));
    }
    return out;
}

} // namespace mw::learned

#endif
