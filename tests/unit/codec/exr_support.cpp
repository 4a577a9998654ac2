#include "exr_support.h"

#include <Imath/half.h>
#include <OpenEXR/ImfInputFile.h>
#include <OpenEXR/ImfOutputFile.h>
#include <OpenEXR/ImfTiledOutputFile.h>
#include <algorithm>

#include "codec/exr_stream.h"

namespace mw::codec::test {
namespace {

std::size_t size_of(Imf::PixelType type) {
    return type == Imf::HALF ? 2 : 4;
}

Imf::Slice slice(Imf::PixelType type, const Bytes& samples, const Imath::Box2i& data,
                 int sampling) {
    const auto columns = static_cast<std::size_t>((data.max.x - data.min.x) / sampling + 1);
    return Imf::Slice::Make(type, samples.data(), data, size_of(type), size_of(type) * columns,
                            sampling, sampling);
}

} // namespace

ExrMaker::ExrMaker(Imath::Box2i display, Imath::Box2i data, Imf::Compression packing)
    : header_(display, data, 1, Imath::V2f(0, 0), 1, Imf::INCREASING_Y, packing) {}

ExrMaker::ExrMaker(Size size, Imf::Compression packing)
    : ExrMaker({{0, 0}, {size.width - 1, size.height - 1}},
               {{0, 0}, {size.width - 1, size.height - 1}}, packing) {}

void ExrMaker::add(const std::string& name, Imf::PixelType type, Bytes samples, int sampling) {
    header_.channels().insert(name, Imf::Channel(type, sampling, sampling));
    channels_.push_back({name, type, sampling, std::move(samples)});
}

void ExrMaker::add_half(const std::string& name, const std::vector<float>& values) {
    Bytes samples(2 * values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto bits = Imath::half(values[i]).bits();
        std::memcpy(samples.data() + 2 * i, &bits, 2);
    }
    add(name, Imf::HALF, std::move(samples));
}

void ExrMaker::add_float(const std::string& name, const std::vector<float>& values) {
    Bytes samples(4 * values.size());
    std::memcpy(samples.data(), values.data(), samples.size());
    add(name, Imf::FLOAT, std::move(samples));
}

const Bytes& ExrMaker::samples(const std::string& name) const {
    return std::ranges::find(channels_, name, &Channel::name)->samples;
}

Imf::FrameBuffer ExrMaker::frame() {
    Imf::FrameBuffer frame;
    for (const Channel& c : channels_)
        frame.insert(c.name, slice(c.type, c.samples, header_.dataWindow(), c.sampling));
    return frame;
}

Bytes ExrMaker::file() {
    Bytes out;
    ExrOutput stream(out);
    {
        Imf::OutputFile file(stream, header_, 0);
        file.setFrameBuffer(frame());
        file.writePixels(header_.dataWindow().max.y - header_.dataWindow().min.y + 1);
    }
    return out;
}

Bytes ExrMaker::tiled(unsigned side, Imf::LevelMode mode) {
    header_.setTileDescription(Imf::TileDescription(side, side, mode));
    Bytes out;
    ExrOutput stream(out);
    {
        Imf::TiledOutputFile file(stream, header_, 0);
        file.setFrameBuffer(frame()); // smaller levels take the upper left part: good enough
        for (int level = 0; level < file.numLevels(); ++level)
            file.writeTiles(0, file.numXTiles(level) - 1, 0, file.numYTiles(level) - 1, level);
    }
    return out;
}

std::vector<float> numbers(std::size_t count, unsigned seed) {
    std::vector<float> out(count);
    unsigned state = seed * 2654435761u + 1;
    for (float& v : out)
        v = static_cast<float>((state = state * 1664525u + 1013904223u) >> 8) / 4793490.0f - 0.5f;
    return out;
}

Bytes channel_of(const Bytes& bytes, const std::string& name) {
    ExrInput stream(bytes);
    Imf::InputFile file(stream, 0);
    const Imf::Channel* c = file.header().channels().findChannel(name);
    if (!c) return {};
    const Imath::Box2i data = file.header().dataWindow();
    const auto columns = static_cast<std::size_t>((data.max.x - data.min.x) / c->xSampling + 1);
    const auto rows = static_cast<std::size_t>((data.max.y - data.min.y) / c->ySampling + 1);
    Bytes samples(columns * rows * size_of(c->type));
    Imf::FrameBuffer frame;
    frame.insert(name, slice(c->type, samples, data, c->xSampling));
    file.setFrameBuffer(frame);
    file.readPixels(data.min.y, data.max.y);
    return samples;
}

Imf::Header header_of(const Bytes& bytes) {
    ExrInput stream(bytes);
    return Imf::InputFile(stream, 0).header();
}

} // namespace mw::codec::test
