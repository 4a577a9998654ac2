#include "render/gl_objects.h"

#include <fmt/format.h>

#include "embedded/embedded.h"

namespace mw::render {
namespace {

struct DeleteShader {
    void operator()(GLuint name) const { glDeleteShader(name); }
};
using Shader = GlName<DeleteShader>;

Result<Shader> compile(GLenum kind, const std::string& file, const std::string& defines) {
    std::string source(embedded::text("shaders/" + file));
    if (source.empty())
        return fail(ErrorCode::engine, fmt::format("The shader {} is not built in.", file));
    // The defines go below the #version line, which must be the first.
    source.insert(source.find('\n') + 1, defines);
    Shader shader(glCreateShader(kind));
    const char* text = source.c_str();
    glShaderSource(shader.get(), 1, &text, nullptr);
    glCompileShader(shader.get());
    GLint good = GL_FALSE;
    glGetShaderiv(shader.get(), GL_COMPILE_STATUS, &good);
    if (good == GL_TRUE) return shader;
    std::array<char, 2048> log{};
    glGetShaderInfoLog(shader.get(), static_cast<GLsizei>(log.size()), nullptr, log.data());
    return fail(ErrorCode::engine,
                fmt::format("The graphics driver refused the shader {}; nothing can be drawn with "
                            "it, a newer driver may help: {}",
                            file, log.data()));
}

std::string define_lines(const std::string& defines) {
    std::string lines, word;
    for (const char c : defines + " ") {
        if (c != ' ') {
            word += c;
        } else if (!word.empty()) {
            lines += "#define " + word + "\n";
            word.clear();
        }
    }
    return lines;
}

} // namespace

Result<Program> make_program(const std::string& vertex, const std::string& fragment,
                             const std::string& defines) {
    auto v = compile(GL_VERTEX_SHADER, vertex, {});
    if (!v) return tl::unexpected(v.error());
    auto f = compile(GL_FRAGMENT_SHADER, fragment, define_lines(defines));
    if (!f) return tl::unexpected(f.error());
    Program program;
    program.name = GlName<DeleteProgram>(glCreateProgram());
    const GLuint id = program.name.get();
    glAttachShader(id, v->get());
    glAttachShader(id, f->get());
    glLinkProgram(id);
    GLint good = GL_FALSE;
    glGetProgramiv(id, GL_LINK_STATUS, &good);
    if (good != GL_TRUE) {
        std::array<char, 2048> log{};
        glGetProgramInfoLog(id, static_cast<GLsizei>(log.size()), nullptr, log.data());
        return fail(ErrorCode::engine,
                    fmt::format("The graphics driver could not link {} with {}; nothing can be "
                                "drawn with them, a newer driver may help: {}",
                                vertex, fragment, log.data()));
    }
    const auto at = [&](const char* name) { return glGetUniformLocation(id, name); };
    program.rect = at("u_rect");
    program.canvas = at("u_canvas");
    program.keep = at("u_keep");
    program.origin = at("u_origin");
    program.scale = at("u_scale");
    program.checks = at("u_checks");
    program.check_values = at("u_check_values");
    program.texels = at("u_texels");
    program.limits = at("u_limits");
    program.base = at("u_base");
    program.size = at("u_size");
    program.color = at("u_color");
    program.across = at("u_across");
    program.down = at("u_down");
    return program; // samplers are 0 from the start: texture unit 0
}

Sampler make_sampler(GLint filter, GLint wrap) {
    GLuint name = 0;
    glGenSamplers(1, &name);
    glSamplerParameteri(name, GL_TEXTURE_MIN_FILTER, filter);
    glSamplerParameteri(name, GL_TEXTURE_MAG_FILTER, filter);
    glSamplerParameteri(name, GL_TEXTURE_WRAP_S, wrap);
    glSamplerParameteri(name, GL_TEXTURE_WRAP_T, wrap);
    return Sampler(name);
}

Texture make_texture(GLint internal_format, GLenum format, Size size, const void* pixels) {
    // Errors that others left behind would look like ours.
    for (int i = 0; i < 16 && glGetError() != GL_NO_ERROR; ++i) {
    }
    GLuint name = 0;
    glGenTextures(1, &name);
    Texture texture(name);
    glBindTexture(GL_TEXTURE_2D, name);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage2D(GL_TEXTURE_2D, 0, internal_format, size.width, size.height, 0, format,
                 GL_UNSIGNED_BYTE, pixels);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    if (glGetError() != GL_NO_ERROR) return {};
    return texture;
}

} // namespace mw::render
