// The few OpenGL objects of the canvas, owned.
#pragma once

#include <glad/gl.h>

#include <array>
#include <string>
#include <utility>

#include "base/geometry.h"
#include "base/result.h"

namespace mw::render {

// A GL name that is deleted with its owner, while the context is still current.
template <class Deleter>
class GlName {
  public:
    GlName() = default;
    explicit GlName(GLuint name) : name_(name) {}
    ~GlName() {
        if (name_ != 0) Deleter{}(name_);
    }
    GlName(GlName&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
    GlName& operator=(GlName&& other) noexcept {
        std::swap(name_, other.name_); // the other deletes what was here
        return *this;
    }
    GLuint get() const { return name_; }
    explicit operator bool() const { return name_ != 0; }

  private:
    GLuint name_ = 0;
};

struct DeleteTexture {
    void operator()(GLuint name) const { glDeleteTextures(1, &name); }
};
struct DeleteSampler {
    void operator()(GLuint name) const { glDeleteSamplers(1, &name); }
};
struct DeleteProgram {
    void operator()(GLuint name) const { glDeleteProgram(name); }
};
struct DeleteVertexArray {
    void operator()(GLuint name) const { glDeleteVertexArrays(1, &name); }
};
struct DeleteFramebuffer {
    void operator()(GLuint name) const { glDeleteFramebuffers(1, &name); }
};
using Texture = GlName<DeleteTexture>;
using Sampler = GlName<DeleteSampler>;
using VertexArray = GlName<DeleteVertexArray>;
using Framebuffer = GlName<DeleteFramebuffer>;

// What the shaders know by name; -1 where a program does not have it.
struct Program {
    GlName<DeleteProgram> name;
    GLint rect = -1, canvas = -1, keep = -1, origin = -1, scale = -1, checks = -1,
          check_values = -1, texels = -1, limits = -1, base = -1, size = -1, color = -1,
          across = -1, down = -1;
};

// From the embedded shaders of these names, with each word of `defines` defined in the fragment
// shader; its sampler reads texture unit 0. Errors: engine, with the driver's log.
Result<Program> make_program(const std::string& vertex, const std::string& fragment,
                             const std::string& defines = {});

Sampler make_sampler(GLint filter, GLint wrap);

// A texture without mip levels; `pixels` may be null. An empty one when the driver has no memory
// left.
Texture make_texture(GLint internal_format, GLenum format, Size size, const void* pixels);

} // namespace mw::render
