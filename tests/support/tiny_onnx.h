// ONNX files of a few operators, written byte by byte (protocol buffers; onnx.proto of ONNX 1.8).
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace mw::test {

// A message under construction.
class Proto {
  public:
    Proto& whole(unsigned field, std::uint64_t value) {
        varint(field << 3);
        varint(value);
        return *this;
    }
    Proto& text(unsigned field, const std::string& value) {
        varint(field << 3 | 2);
        varint(value.size());
        bytes_ += value;
        return *this;
    }
    Proto& part(unsigned field, const Proto& value) { return text(field, value.bytes_); }
    const std::string& bytes() const { return bytes_; }

  private:
    void varint(std::uint64_t v) {
        for (; v >= 0x80; v >>= 7)
            bytes_ += static_cast<char>(v | 0x80);
        bytes_ += static_cast<char>(v);
    }
    std::string bytes_;
};

enum class OnnxType { f32 = 1, u8 = 2, i64 = 7 };

// Grows a graph; sides below 0 are left open.
class TinyOnnx {
  public:
    TinyOnnx& input(const std::string& name, OnnxType type, const std::vector<int>& shape) {
        graph_.part(11, port(name, type, shape));
        return *this;
    }
    TinyOnnx& output(const std::string& name, OnnxType type, const std::vector<int>& shape) {
        graph_.part(12, port(name, type, shape));
        return *this;
    }
    // A constant of any shape.
    TinyOnnx& floats(const std::string& name, const std::vector<int>& shape,
                     const std::vector<float>& values) {
        std::string raw(values.size() * 4, '\0');
        std::memcpy(raw.data(), values.data(), raw.size());
        return constant(name, OnnxType::f32, shape, raw);
    }
    TinyOnnx& wholes(const std::string& name, const std::vector<std::int64_t>& values) {
        std::string raw(values.size() * 8, '\0');
        std::memcpy(raw.data(), values.data(), raw.size());
        return constant(name, OnnxType::i64, {static_cast<int>(values.size())}, raw);
    }
    TinyOnnx& bytes(const std::string& name, const std::vector<int>& shape,
                    const std::string& values) {
        return constant(name, OnnxType::u8, shape, values);
    }
    TinyOnnx& node(const std::string& op, const std::vector<std::string>& in,
                   const std::string& out, const std::string& attribute = {},
                   std::int64_t value = 0) {
        Proto n;
        for (const std::string& name : in)
            n.text(1, name);
        n.text(2, out).text(4, op);
        if (!attribute.empty())
            n.part(5, Proto()
                          .text(1, attribute)
                          .whole(3, static_cast<std::uint64_t>(value))
                          .whole(20, 2));
        graph_.part(1, n);
        return *this;
    }
    std::string file() const {
        Proto graph = graph_;
        graph.text(2, "tiny");
        return Proto()
            .whole(1, 7)
            .text(2, "maskwright tests")
            .part(7, graph)
            .part(8, Proto().whole(2, 13))
            .bytes();
    }

  private:
    static Proto port(const std::string& name, OnnxType type, const std::vector<int>& shape) {
        Proto sides;
        for (const int side : shape)
            sides.part(1, side < 0 ? Proto().text(2, "any")
                                   : Proto().whole(1, static_cast<std::uint64_t>(side)));
        const Proto tensor = Proto().whole(1, static_cast<std::uint64_t>(type)).part(2, sides);
        return Proto().text(1, name).part(2, Proto().part(1, tensor));
    }
    TinyOnnx& constant(const std::string& name, OnnxType type, const std::vector<int>& shape,
                       const std::string& raw) {
        Proto tensor;
        for (const int side : shape)
            tensor.whole(1, static_cast<std::uint64_t>(side));
        tensor.whole(2, static_cast<std::uint64_t>(type)).text(8, name).text(9, raw);
        graph_.part(5, tensor);
        return *this;
    }
    Proto graph_;
};

} // namespace mw::test
