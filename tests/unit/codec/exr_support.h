// OpenEXR files as other programs write them, by the library itself.
#pragma once

#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfHeader.h>

#include "support.h"

namespace mw::codec::test {

class ExrMaker {
  public:
    // Inclusive corners.
    ExrMaker(Imath::Box2i display, Imath::Box2i data, Imf::Compression packing);
    explicit ExrMaker(Size size, Imf::Compression packing = Imf::ZIP_COMPRESSION);

    Imf::Header& header() { return header_; }
    // A channel of samples in `type` (half: two bytes each), row by row over the data window.
    void add(const std::string& name, Imf::PixelType type, Bytes samples, int sampling = 1);
    // Of numbers. As many as the data window has pixels.
    void add_half(const std::string& name, const std::vector<float>& values);
    void add_float(const std::string& name, const std::vector<float>& values);
    // The channels' planes, by name, as they were added.
    const Bytes& samples(const std::string& name) const;

    Bytes file();
    Bytes tiled(unsigned side, Imf::LevelMode mode = Imf::ONE_LEVEL);

  private:
    Imf::FrameBuffer frame();

    Imf::Header header_;
    struct Channel {
        std::string name;
        Imf::PixelType type;
        int sampling;
        Bytes samples;
    };
    std::vector<Channel> channels_;
};

// `count` numbers from -0.5 to 3, the same on every machine.
std::vector<float> numbers(std::size_t count, unsigned seed = 1);

// The samples of one channel of a file, in its own type, over its data window.
Bytes channel_of(const Bytes& file, const std::string& name);
// Its header, as the library reads it.
Imf::Header header_of(const Bytes& file);

} // namespace mw::codec::test
