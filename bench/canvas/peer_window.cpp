// The peer of bench/canvas: the least that shows a picture, a mask over it and panels with
// OpenGL 3.3 and Dear ImGui. The whole picture is one texture, and every frame draws everything.
// Prints, as JSON, milliseconds to the first frame and, for each way to look, the median of a frame
// while the view moves.
// clang-format off
#include <glad/gl.h>
#include <GLFW/glfw3.h>
// clang-format on

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kSide = 4096, kFrames = 40;

double ms(Clock::time_point from) {
    return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
}

constexpr const char* kVertex = R"(#version 330 core
uniform vec4 view; // corner and size in the picture
out vec2 at;
void main() {
    vec2 p = vec2(gl_VertexID % 2, gl_VertexID / 2);
    gl_Position = vec4(p.x * 2.0 - 1.0, 1.0 - p.y * 2.0, 0.0, 1.0);
    at = view.xy + p * view.zw;
})";
constexpr const char* kFragment = R"(#version 330 core
uniform sampler2D picture, mask;
in vec2 at;
out vec4 color;
void main() {
    vec3 c = texture(picture, at).rgb;
    color = vec4(mix(c, vec3(1.0, 0.18, 0.25), 0.5 * texture(mask, at).r), 1.0);
})";

GLuint program() {
    const GLuint id = glCreateProgram();
    for (const auto& [kind, text] :
         {std::pair{GL_VERTEX_SHADER, kVertex}, std::pair{GL_FRAGMENT_SHADER, kFragment}}) {
        const GLuint shader = glCreateShader(static_cast<GLenum>(kind));
        glShaderSource(shader, 1, &text, nullptr);
        glCompileShader(shader);
        glAttachShader(id, shader);
    }
    glLinkProgram(id);
    return id;
}

void texture(int unit, GLint internal, GLenum format, const std::vector<std::uint8_t>& bytes) {
    GLuint name = 0;
    glGenTextures(1, &name);
    glActiveTexture(GL_TEXTURE0 + static_cast<GLenum>(unit));
    glBindTexture(GL_TEXTURE_2D, name);
    glTexImage2D(GL_TEXTURE_2D, 0, internal, kSide, kSide, 0, format, GL_UNSIGNED_BYTE,
                 bytes.data());
    glGenerateMipmap(GL_TEXTURE_2D);
}

void filter(GLint min, GLint mag) {
    for (const GLenum unit : {GL_TEXTURE0, GL_TEXTURE1}) {
        glActiveTexture(unit);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, min);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, mag);
    }
    glActiveTexture(GL_TEXTURE0);
}

// As many widgets as a tool's panels have.
void panels(float width, float height) {
    static float value = 0.5f;
    for (const bool left : {true, false}) {
        ImGui::SetNextWindowPos({left ? 0 : width - 320, 0});
        ImGui::SetNextWindowSize({left ? 60.0f : 320.0f, height});
        ImGui::Begin(left ? "tools" : "side", nullptr, ImGuiWindowFlags_NoDecoration);
        for (int i = 0; i < (left ? 10 : 30); ++i) {
            ImGui::PushID(i);
            if (left || i % 3 == 0)
                ImGui::Button(left ? "T" : "A button");
            else if (i % 3 == 1)
                ImGui::SliderFloat("value", &value, 0, 1);
            else
                ImGui::TextUnformatted("A line of text about what is going on");
            ImGui::PopID();
        }
        ImGui::End();
    }
}

} // namespace

int main(int argc, char** argv) {
    const auto start = Clock::now();
    const int width = argc > 2 ? std::atoi(argv[1]) : 1920,
              height = argc > 2 ? std::atoi(argv[2]) : 1080;
    if (!glfwInit()) return 1;
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    GLFWwindow* window = glfwCreateWindow(width, height, "peer", nullptr, nullptr);
    if (!window) return 1;
    glfwMakeContextCurrent(window);
    glfwSwapInterval(1);
    gladLoadGL(reinterpret_cast<GLADloadfunc>(glfwGetProcAddress));
    ImGui::CreateContext();
    ImGui_ImplGlfw_InitForOpenGL(window, true);
    ImGui_ImplOpenGL3_Init("#version 330 core");
    const GLuint draw = program();
    GLuint array = 0;
    glGenVertexArrays(1, &array);

    const auto frame = [&](float x, float y, float w, float h) {
        glfwPollEvents();
        ImGui_ImplOpenGL3_NewFrame();
        ImGui_ImplGlfw_NewFrame();
        ImGui::NewFrame();
        panels(static_cast<float>(width), static_cast<float>(height));
        ImGui::Render();
        glViewport(0, 0, width, height);
        glClear(GL_COLOR_BUFFER_BIT);
        glUseProgram(draw);
        glUniform1i(glGetUniformLocation(draw, "mask"), 1);
        glUniform4f(glGetUniformLocation(draw, "view"), x, y, w, h);
        glBindVertexArray(array);
        glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
        ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
        glfwSwapBuffers(window);
    };
    frame(0, 0, 1, 1);
    fmt::print("{{\"first_frame\": {:.1f}", ms(start));

    std::vector<std::uint8_t> picture(std::size_t{kSide} * kSide * 4),
        mask(std::size_t{kSide} * kSide);
    for (std::size_t i = 0; i < mask.size(); ++i) {
        const std::size_t px = i % kSide, py = i / kSide;
        for (std::size_t c = 0; c < 4; ++c)
            picture[4 * i + c] = static_cast<std::uint8_t>(px * (c + 1) / 8 ^ py / 4);
        mask[i] = (px / 300 + py / 300) % 3 == 0 ? 255 : 0;
    }
    texture(1, GL_R8, GL_RED, mask);
    texture(0, GL_RGBA8, GL_RGBA, picture);

    const float w = static_cast<float>(width) / kSide, h = static_cast<float>(height) / kSide;
    struct Look {
        const char* name;
        GLint min, mag;
        float zoom; // picture pixels for one of the screen
    };
    for (const Look& look : {Look{"one_to_one", GL_NEAREST, GL_NEAREST, 1},
                             Look{"out_nearest", GL_NEAREST, GL_NEAREST, 3},
                             Look{"out_linear", GL_LINEAR, GL_LINEAR, 3},
                             Look{"out_trilinear", GL_LINEAR_MIPMAP_LINEAR, GL_LINEAR, 3}}) {
        filter(look.min, look.mag);
        std::vector<double> times;
        for (int i = 0; i < kFrames; ++i) {
            const auto begin = Clock::now();
            const float shift = static_cast<float>(i) / kSide;
            frame(shift, shift, w * look.zoom, h * look.zoom);
            times.push_back(ms(begin));
        }
        std::sort(times.begin(), times.end());
        fmt::print(", \"{}\": {:.2f}, \"{}_best\": {:.2f}", look.name, times[kFrames / 2],
                   look.name, times[2]);
    }
    fmt::print("}}\n");
    return 0;
}
