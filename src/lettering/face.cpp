#include "lettering/face.h"

#include <fmt/format.h>
#include <hb-ot.h>
#include <hb.h>

#include <algorithm>
#include <cmath>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_BBOX_H

namespace mw::lettering {

void Box::unite(const Box& other) {
    if (other.empty()) return;
    if (empty()) {
        *this = other;
        return;
    }
    left = std::min(left, other.left);
    bottom = std::min(bottom, other.bottom);
    right = std::max(right, other.right);
    top = std::max(top, other.top);
}

struct Face::Open {
    Bytes file;
    std::string name;
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    hb_font_t* font = nullptr;

    Open() = default;
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    ~Open() {
        if (font) hb_font_destroy(font);
        if (face) FT_Done_Face(face);
        if (library) FT_Done_FreeType(library);
    }
    // The glyph's outline in font units; null where there is none.
    FT_Outline* outline(unsigned glyph) const {
        constexpr FT_Int32 kFlags = FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP;
        if (FT_Load_Glyph(face, glyph, kFlags) != 0 ||
            face->glyph->format != FT_GLYPH_FORMAT_OUTLINE)
            return nullptr;
        return &face->glyph->outline;
    }
};

Result<Face> Face::open(Bytes file, long index, std::string name) {
    auto open = std::make_shared<Open>();
    open->file = std::move(file);
    open->name = std::move(name);
    const auto no = [&] {
        return fail(ErrorCode::corrupt,
                    fmt::format("The font {} cannot be read, or has no outlines; name another "
                                "one.",
                                open->name));
    };
    const auto* data = reinterpret_cast<const FT_Byte*>(open->file.data());
    if (FT_Init_FreeType(&open->library) != 0 ||
        FT_New_Memory_Face(open->library, data, static_cast<FT_Long>(open->file.size()), index,
                           &open->face) != 0)
        return no();
    if (!FT_IS_SCALABLE(open->face) || open->face->units_per_EM == 0) return no();
    hb_blob_t* blob = hb_blob_create(reinterpret_cast<const char*>(open->file.data()),
                                     static_cast<unsigned>(open->file.size()),
                                     HB_MEMORY_MODE_READONLY, nullptr, nullptr);
    hb_face_t* face = hb_face_create(blob, static_cast<unsigned>(index & 0xffff));
    open->font = hb_font_create(face);
    hb_face_destroy(face);
    hb_blob_destroy(blob);
    hb_ot_font_set_funcs(open->font);
    const int units = open->face->units_per_EM;
    hb_font_set_scale(open->font, units, units);
    if (const long instance = index >> 16; instance > 0)
        hb_font_set_var_named_instance(open->font, static_cast<unsigned>(instance - 1));
    Face made;
    made.open_ = std::move(open);
    return made;
}

const std::string& Face::name() const {
    return open_->name;
}
double Face::units_per_em() const {
    return open_->face->units_per_EM;
}
double Face::line_height() const {
    const double told = open_->face->height, em = units_per_em();
    return told > 0.8 * em && told < 3 * em ? told : 1.2 * em;
}
hb_font_t* Face::shaper() const {
    return open_->font;
}
bool Face::has(char32_t c) const {
    return FT_Get_Char_Index(open_->face, c) != 0;
}

Box Face::ink(unsigned glyph) const {
    FT_Outline* outline = open_->outline(glyph);
    if (outline == nullptr || outline->n_points == 0) return {};
    FT_BBox box;
    if (FT_Outline_Get_BBox(outline, &box) != 0) return {};
    return {static_cast<double>(box.xMin), static_cast<double>(box.yMin),
            static_cast<double>(box.xMax), static_cast<double>(box.yMax)};
}

namespace {

struct Spans {
    const SpanFunction& span;
    Size size;
};

void take_spans(int y, int count, const FT_Span* spans, void* user) {
    const Spans& s = *static_cast<const Spans*>(user);
    if (y < 0 || y >= s.size.height) return;
    for (int i = 0; i < count; ++i) {
        const int left = std::max<int>(spans[i].x, 0);
        const int right = std::min<int>(spans[i].x + spans[i].len, s.size.width);
        if (right > left) s.span(y, left, right - left, spans[i].coverage);
    }
}

} // namespace

void Face::fill(unsigned glyph, const Affine& m, Size size, const SpanFunction& span) const {
    FT_Outline* outline = open_->outline(glyph);
    if (outline == nullptr || outline->n_points == 0) return;
    // 26.6 from whole units, each point by itself: a matrix of 16.16 would round large ones.
    for (int i = 0; i < outline->n_points; ++i) {
        FT_Vector& p = outline->points[i];
        const double x = static_cast<double>(p.x), y = static_cast<double>(p.y);
        p.x = static_cast<FT_Pos>(std::lround(64 * (m.a * x + m.b * y + m.dx)));
        p.y = static_cast<FT_Pos>(std::lround(64 * (m.c * x + m.d * y + m.dy)));
    }
    Spans spans{span, size};
    FT_Raster_Params params{};
    params.flags = FT_RASTER_FLAG_AA | FT_RASTER_FLAG_DIRECT | FT_RASTER_FLAG_CLIP;
    params.gray_spans = take_spans;
    params.user = &spans;
    params.clip_box = {0, 0, size.width, size.height};
    FT_Outline_Render(open_->library, outline, &params);
}

} // namespace mw::lettering
