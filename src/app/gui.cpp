#include "app/gui.h"

// clang-format off
#include <glad/gl.h>
// clang-format on

#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>
#include <imgui_internal.h>

#include <cstdint>

#include "ui/fonts.h"
#include "ui/input_order.h"
#include "ui/theme.h"

namespace mw::app {
namespace {

ImTextureID upload(const image::Image& rgba) {
    GLuint name = 0;
    glGenTextures(1, &name);
    glBindTexture(GL_TEXTURE_2D, name);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, rgba.width(), rgba.height(), 0, GL_RGBA,
                 GL_UNSIGNED_BYTE, rgba.bytes().data());
    return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(name));
}

void release(ImTextureID texture) {
    const auto name = static_cast<GLuint>(reinterpret_cast<std::uintptr_t>(texture));
    glDeleteTextures(1, &name);
}

} // namespace

Gui::Gui(Window& window) : window_(window) {
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    // Ctrl+Tab goes from document to document, not from panel to panel.
    ImGui::GetCurrentContext()->ConfigNavWindowingKeyNext = 0;
    ImGui::GetCurrentContext()->ConfigNavWindowingKeyPrev = 0;
    ImGui::GetIO().UserData = &look_;
    look_.make_texture = upload;
    look_.drop_texture = release;
    enter_window();
}

Gui::~Gui() {
    if (entered_) leave_window();
    ImGui::DestroyContext();
}

void Gui::enter_window() {
    ImGui_ImplGlfw_InitForOpenGL(window_.handle(), true); // calls our callbacks first
    ImGui_ImplOpenGL3_Init("#version 330 core");
    entered_ = true;
}

void Gui::leave_window() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    // Keys and buttons that are down are let go: the window that would have told is not there.
    ImGui::GetIO().ClearInputKeys();
    entered_ = false;
}

void Gui::set_scale(double scale) {
    if (scale == scale_) return;
    scale_ = scale;
    // Where window coordinates are coarser than pixels, fonts are made for the pixels.
    const Size pixels = window_.framebuffer();
    const float width = ImGui::GetIO().DisplaySize.x;
    const double ratio = width > 0 ? pixels.width / static_cast<double>(width) : 1;
    look_.scale = static_cast<float>(scale / ratio);
    ImGuiIO& io = ImGui::GetIO();
    look_.fonts = ui::load_fonts(*io.Fonts, static_cast<float>(scale));
    io.FontGlobalScale = static_cast<float>(1 / ratio);
    io.FontDefault = look_.fonts.regular;
    ui::apply_theme(look_.scale, look_.theme);
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
}

void Gui::begin_frame(bool keyboard_navigation) {
    ImGuiIO& io = ImGui::GetIO();
    if (keyboard_navigation)
        io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    else
        io.ConfigFlags &= ~ImGuiConfigFlags_NavEnableKeyboard;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ui::new_frame_in_order();
}

void Gui::end_frame() {
    ImGui::Render();
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

bool Gui::input_waits() {
    return ImGui::GetCurrentContext()->InputEventsQueue.Size > 0;
}

} // namespace mw::app
