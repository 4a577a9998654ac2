#include "render/pair_painter.h"

#include "compare/pictures.h"

namespace mw::render {
namespace {

float f(double v) {
    return static_cast<float>(v);
}

// The colours of compare's heat maps, lowest first.
image::Image ramp_colors() {
    image::Image values({256, 1}, image::kGrayF);
    for (int i = 0; i < 256; ++i)
        values.span().row<float>(0)[i] = static_cast<float>(i) / 255.0f;
    return compare::heat_image(values.view(), 1);
}

} // namespace

Result<PairPainter> PairPainter::create() {
    PairPainter painter;
    constexpr const char* kDefines[] = {"ONION", "DIFFERENCE", "ABSOLUTE", "DELTA_E"};
    for (std::size_t i = 0; i < painter.programs_.size(); ++i) {
        auto program = make_program("canvas.vert", "pair.frag", kDefines[i]);
        if (!program) return tl::unexpected(program.error());
        const GLuint name = program->name.get();
        glUseProgram(name);
        glUniform1i(glGetUniformLocation(name, "u_a"), 0);
        glUniform1i(glGetUniformLocation(name, "u_b"), 1);
        glUniform1i(glGetUniformLocation(name, "u_ramp"), 2);
        painter.programs_[i] = {std::move(*program), glGetUniformLocation(name, "u_amount")};
    }
    glUseProgram(0);
    painter.nearest_ = make_sampler(GL_NEAREST, GL_CLAMP_TO_EDGE);
    const image::Image ramp = ramp_colors();
    painter.ramp_ = make_texture(GL_RGB8, GL_RGB, ramp.size(), ramp.bytes().data());
    return painter;
}

bool PairPainter::bind(PairSide side, Size canvas) {
    Backing& backing = sides_[static_cast<std::size_t>(side)];
    if (backing.size() != canvas && !backing.resize(canvas)) return false;
    backing.bind();
    return true;
}

void PairPainter::paint(const Pairing& pairing, const Placement& at, Size picture) {
    const PairProgram& p = programs_[static_cast<std::size_t>(pairing.math)];
    glUseProgram(p.program.name.get());
    const std::array<GLuint, 3> textures{sides_[0].texture(), sides_[1].texture(), ramp_.get()};
    for (GLuint unit = 3; unit-- > 0;) { // unit 0 last: it stays the active one
        glActiveTexture(GL_TEXTURE0 + unit);
        glBindTexture(GL_TEXTURE_2D, textures[unit]);
        glBindSampler(unit, nearest_.get());
    }
    glUniform1f(p.amount, f(pairing.amount));
    const PointF o = at.origin;
    draw_rect(p.program, at, o.x, o.y, o.x + picture.width * at.zoom,
              o.y + picture.height * at.zoom);
    for (GLuint unit = 3; unit-- > 1;) {
        glActiveTexture(GL_TEXTURE0 + unit);
        glBindTexture(GL_TEXTURE_2D, 0);
        glBindSampler(unit, 0);
    }
    glActiveTexture(GL_TEXTURE0);
}

} // namespace mw::render
