// OpenEXR on memory: a file to read, or one that grows.
#pragma once

#include <OpenEXR/ImfIO.h>
#include <algorithm>
#include <stdexcept>

#include "base/file.h"
#include "codec/byte_reader.h"
#include "codec/input_pages.h"

namespace mw::codec {

class ExrInput : public Imf::IStream {
  public:
    explicit ExrInput(ByteSpan file) : Imf::IStream("OpenEXR"), file_(file) {}
    bool read(char to[], int size) override {
        const std::uint64_t left = at_ < file_.size() ? file_.size() - at_ : 0;
        if (size < 0 || static_cast<std::uint64_t>(size) > left)
            throw std::runtime_error("the end of the file is missing");
        std::memcpy(to, file_.data() + at_, static_cast<std::size_t>(size));
        at_ += static_cast<std::uint64_t>(size);
        input_went_by(static_cast<std::size_t>(size));
        return at_ < file_.size();
    }
    std::uint64_t tellg() override { return at_; }
    void seekg(std::uint64_t at) override { at_ = at; }
    void clear() override {}

  private:
    ByteSpan file_;
    std::uint64_t at_ = 0;
};

class ExrOutput : public Imf::OStream {
  public:
    explicit ExrOutput(Bytes& out) : Imf::OStream("OpenEXR"), out_(out) {}
    void write(const char from[], int size) override {
        const auto n = static_cast<std::size_t>(size);
        if (out_.size() < at_ + n) out_.resize(at_ + n);
        std::memcpy(out_.data() + at_, from, n);
        at_ += n;
    }
    std::uint64_t tellp() override { return at_; }
    void seekp(std::uint64_t at) override { at_ = at; }

  private:
    Bytes& out_;
    std::uint64_t at_ = 0;
};

} // namespace mw::codec
