// The canvas as it was last drawn, so that a frame redraws only what changed.
#pragma once

#include "render/gl_objects.h"

namespace mw::render {

// An RGBA8 framebuffer kept top row first: canvas pixel (x, y), y down, is GL pixel (x, y). Windows
// are kept so as well, and software GL then copies rows where it would else draw the whole screen.
class Backing {
  public:
    // False when the driver has no memory for it. The pixels are undefined after a change of size.
    bool resize(Size size);
    Size size() const { return size_; }
    GLuint texture() const { return color_.get(); }
    void bind() const { glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.get()); }
    // Copies `area` to the same place of framebuffer `target`, which has the backing's size and no
    // multisampling, and leaves that bound.
    void copy_to(GLuint target, const Rect& area) const;

  private:
    Texture color_;
    Framebuffer framebuffer_;
    Size size_;
};

} // namespace mw::render
