// By the C interface of Tesseract 4 and 5 (capi.h), looked up at run time: the program runs without
// it, and nothing has to be there when it is built.
#include "compare/text_reader.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "compare/text_check.h"
#include "image/convert.h"
#include "image/resample.h"

namespace mw::compare {
namespace {

// Page segmentation modes of its documentation.
enum PageMode { kBlock = 6, kOneLine = 7, kScattered = 11 };

struct Library {
    void* handle = nullptr;
    void* (*create)() = nullptr;
    void (*destroy)(void*) = nullptr;
    int (*init)(void*, const char* data_path, const char* language) = nullptr;
    int (*set_variable)(void*, const char* name, const char* value) = nullptr;
    void (*set_page_mode)(void*, int mode) = nullptr;
    void (*set_image)(void*, const unsigned char* pixels, int width, int height,
                      int bytes_per_pixel, int bytes_per_line) = nullptr;
    void (*set_resolution)(void*, int dots_per_inch) = nullptr;
    char* (*text)(void*) = nullptr;
    void (*free_text)(const char*) = nullptr;
    int (*confidence)(void*) = nullptr; // mean of the words, 0 .. 100

    Library() {
        for (const char* name : {"libtesseract.so.5", "libtesseract.so.4", "libtesseract.so"})
            if ((handle = ::dlopen(name, RTLD_NOW | RTLD_LOCAL))) break;
        if (!handle) return;
        const bool whole =
            find(create, "TessBaseAPICreate") && find(destroy, "TessBaseAPIDelete") &&
            find(init, "TessBaseAPIInit3") && find(set_variable, "TessBaseAPISetVariable") &&
            find(set_page_mode, "TessBaseAPISetPageSegMode") &&
            find(set_image, "TessBaseAPISetImage") &&
            find(set_resolution, "TessBaseAPISetSourceResolution") &&
            find(text, "TessBaseAPIGetUTF8Text") && find(free_text, "TessDeleteText") &&
            find(confidence, "TessBaseAPIMeanTextConf");
        if (!whole) handle = nullptr; // stays loaded, unused
    }

  private:
    template <class Function>
    bool find(Function& function, const char* name) {
        function = reinterpret_cast<Function>(::dlsym(handle, name));
        return function != nullptr;
    }
};

const Library& library() {
    static const Library one;
    return one;
}

std::mutex& turn() {
    static std::mutex mutex;
    return mutex;
}

// The one there is, kept: it takes longer to start than to read a line. Null when the library or
// its language is missing. While turn() is held.
void* reader() {
    static const auto one = [] {
        const Library& lib = library();
        std::unique_ptr<void, void (*)(void*)> made(nullptr, [](void*) {});
        if (!lib.handle) return made;
        made = {lib.create(), lib.destroy};
        if (!made) return made;
        lib.set_variable(made.get(), "debug_file", "/dev/null");
        if (lib.init(made.get(), nullptr, "eng") != 0) made.reset();
        return made;
    }();
    // Its inner loops are too short for threads, which would wait for each other by spinning.
    if (one)
        if (auto* threads =
                reinterpret_cast<void (*)(int)>(::dlsym(library().handle, "omp_set_num_threads")))
            threads(1);
    return one.get();
}

// Grey, with a margin of its own colour, letters large enough for the reader.
image::Image prepared(image::ImageView picture, const image::DisplayTransform& view) {
    image::Image displayed;
    if (!view.is_identity()) {
        displayed = view.to_display(picture, image::SampleType::u8);
        picture = displayed.view();
    }
    image::Image grey = image::convert(picture, image::kGray8);
    constexpr int kGoodHeight = 160, kMostSide = 3000;
    const int shorter = std::min(grey.width(), grey.height());
    double factor = shorter < kGoodHeight ? std::min(4.0, double(kGoodHeight) / shorter) : 1.0;
    factor = std::min(factor, double(kMostSide) / grey.size().longer_side());
    const auto side = [&](int s) { return std::max(1, static_cast<int>(s * factor + 0.5)); };
    const Size size{side(grey.width()), side(grey.height())};
    if (size != grey.size())
        grey = image::resample(grey.view(), size,
                               factor < 1 ? image::Filter::area : image::Filter::lanczos);
    return grey;
}

} // namespace

bool text_reader_installed() {
    const std::lock_guard lock(turn());
    return reader() != nullptr;
}

Result<std::string> read_text(image::ImageView picture, const image::DisplayTransform& view,
                              const Rect& region, std::string_view expected) {
    const Rect window = intersect(region, picture.rect());
    if (window.empty())
        return fail(ErrorCode::invalid_argument, "There is no region to read words in.");
    const std::lock_guard lock(turn());
    try {
        void* const tesseract = reader();
        if (!tesseract)
            return fail(ErrorCode::unsupported,
                        "No text reader is installed, so words were not checked; install "
                        "tesseract-ocr and tesseract-ocr-eng to have them read.");
        const Library& lib = library();
        const image::Image grey = prepared(picture.sub(window), view);
        lib.set_image(tesseract, reinterpret_cast<const unsigned char*>(grey.bytes().data()),
                      grey.width(), grey.height(), 1, grey.width());
        lib.set_resolution(tesseract, 300);
        std::string found;
        for (const int mode : {kBlock, kScattered, kOneLine}) {
            lib.set_page_mode(tesseract, mode);
            char* text = lib.text(tesseract);
            // What it is as good as sure to have misread are marks, not words.
            constexpr int kLeastConfidence = 40;
            const bool sure = lib.confidence(tesseract) >= kLeastConfidence;
            const std::string reading = words_of(text && sure ? text : "");
            if (text) lib.free_text(text);
            if (found.empty()) found = reading;
            if (expected.empty() ? !found.empty() : holds_text(reading, expected)) {
                found = reading;
                break;
            }
        }
        return found;
    } catch (const std::exception& e) {
        return fail(ErrorCode::engine,
                    fmt::format("The text reader failed ({}); words were not checked.", e.what()));
    }
}

} // namespace mw::compare
