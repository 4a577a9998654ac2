#include "desk.h"

#include "mask/shapes.h"
#include "ui/fonts.h"
#include "ui/input_order.h"
#include "ui/theme.h"

namespace mw::ui::test {

Desk::Desk() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.UserData = &look_state;
    resize(1440, 900, 1);
    look_state.make_texture = [](const image::Image&) {
        return reinterpret_cast<ImTextureID>(std::uintptr_t{2});
    };
    look_state.drop_texture = [](ImTextureID) {};
    view.preferences = &preferences;
    view.cannot_run = "Open a picture first.";
    settle();
    actions.clear();
}

void Desk::resize(float width, float height, float scale) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {width, height};
    look_state.scale = scale;
    look_state.fonts = load_fonts(*io.Fonts, scale);
    io.FontDefault = look_state.fonts.regular;
    unsigned char* pixels = nullptr;
    int across = 0, down = 0;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &across, &down);
    io.Fonts->SetTexID(reinterpret_cast<ImTextureID>(std::uintptr_t{1}));
    apply_theme(scale, look_state.theme);
}

Desk::~Desk() {
    ImGui::DestroyContext();
}

void Desk::open_picture(Size size) {
    codec::Picture picture;
    picture.pixels = image::Image(size, image::kRgb8);
    picture.format = codec::FileFormat::png;
    document = std::make_unique<project::Document>("/tmp/picture.png", std::move(picture));
    document->mask = mask::rectangle(
        size, {size.width / 4.0, size.height / 4.0, size.width / 2.0, size.height / 2.0});
    view.document = document.get();
    view.document_id = 1;
    view.shown = view.original = document->tree.picture(0);
    view.mask = &document->mask;
    view.mask_revision = 1;
    view.selection.bounds = document->mask.bounds();
    view.selection.pixels = document->mask.support_area();
    view.cannot_run.clear();
    settle();
    actions.clear();
}

project::IterationId Desk::add_iteration(project::Standing standing) {
    project::Iteration it;
    it.parent = document->shown;
    it.standing = standing;
    const Rect rect = document->mask.bounds();
    it.patch = composite::Patch{
        rect, std::make_shared<image::Image>(rect.size(), document->tree.picture(0)->format())};
    it.mask = document->mask;
    it.what_was_done = "removed it";
    return document->tree.add(std::move(it));
}

void Desk::show(project::IterationId id) {
    document->shown = id;
    view.shown = document->tree.picture(id);
    const project::IterationId parent = document->tree.at(id).parent;
    view.comparison.a = {};
    if (parent >= 0) view.comparison.a.picture = document->tree.picture(parent);
    view.comparison.a.name = parent == 0 ? "Original" : std::to_string(parent);
    view.comparison.b = {};
    view.comparison.b.picture = view.shown;
    view.comparison.b.name = std::to_string(id);
    view.comparison.a.display = view.comparison.b.display = view.display;
    settle();
    actions.clear();
}

void Desk::frame() {
    ImGuiIO& io = ImGui::GetIO();
    io.DeltaTime = 1.0f / 60;
    io.ConfigFlags = wants_keyboard_navigation(shell) ? ImGuiConfigFlags_NavEnableKeyboard : 0;
    new_frame_in_order();
    session::Actions out;
    draw_shell(view, shell, events, out);
    events.clear();
    ImGui::Render();
    // What a session would do at once.
    for (const session::Action& a : out) {
        if (const auto* chosen = std::get_if<session::SetPreferences>(&a))
            preferences = chosen->preferences;
        if (const auto* prompt = std::get_if<session::SetPrompt>(&a)) view.prompt = prompt->text;
        if (const auto* brush = std::get_if<session::SetBrush>(&a)) view.brush = brush->brush;
        if (const auto* tool = std::get_if<session::SetTool>(&a)) view.tool = tool->tool;
        if (const auto* compare = std::get_if<session::SetCompare>(&a))
            view.compare = compare->compare;
        if (const auto* request = std::get_if<session::SetRequest>(&a))
            view.request = request->settings;
        if (const auto* trial = std::get_if<session::TryGraft>(&a)) {
            view.trial.emplace();
            view.trial->iteration = document->shown;
            view.trial->params = trial->params;
            view.trial->held = true;
        }
        if (std::holds_alternative<session::SetGraft>(a)) view.trial.reset();
        if (const auto* style = std::get_if<session::SetMaskStyle>(&a))
            view.mask_style = style->style;
        if (const auto* select = std::get_if<session::SetSelect>(&a))
            view.selection.settings = select->settings;
        if (const auto* exposure = std::get_if<session::SetExposure>(&a))
            view.display = image::DisplayTransform(document->color, exposure->stops);
    }
    actions.insert(actions.end(), out.begin(), out.end());
}

void Desk::settle(int frames) {
    for (int i = 0; i < frames; ++i)
        frame();
}

void Desk::point_at(PointF at) {
    ImGui::GetIO().AddMousePosEvent(static_cast<float>(at.x), static_cast<float>(at.y));
    pointer(PointerKind::move, at);
}

void Desk::pointer(PointerKind kind, PointF at, int button) {
    PointerEvent e;
    e.kind = kind;
    e.at = at;
    e.button = button;
    events.push_back(e);
}

void Desk::click(std::string_view name, int button) {
    const NamedRect& r = widget(name);
    const PointF at{r.x + r.width / 2.0, r.y + r.height / 2.0};
    point_at(at);
    settle(2);
    ImGui::GetIO().AddMouseButtonEvent(button, true);
    pointer(PointerKind::down, at, button);
    settle(2);
    ImGui::GetIO().AddMouseButtonEvent(button, false);
    pointer(PointerKind::up, at, button);
    settle(2);
}

void Desk::hold(ImGuiKey key, bool down) {
    ImGui::GetIO().AddKeyEvent(key, down);
    settle(2);
}

void Desk::press(ImGuiKey key, int mods) {
    ImGuiIO& io = ImGui::GetIO();
    for (const int mod : {ImGuiMod_Ctrl, ImGuiMod_Shift, ImGuiMod_Alt})
        if (mods & mod) io.AddKeyEvent(static_cast<ImGuiKey>(mod), true);
    io.AddKeyEvent(key, true);
    settle(3);
    io.AddKeyEvent(key, false);
    for (const int mod : {ImGuiMod_Ctrl, ImGuiMod_Shift, ImGuiMod_Alt})
        if (mods & mod) io.AddKeyEvent(static_cast<ImGuiKey>(mod), false);
    settle(3);
}

void Desk::type(const char* utf8) {
    ImGui::GetIO().AddInputCharactersUTF8(utf8);
    settle(2);
}

const NamedRect& Desk::widget(std::string_view name) const {
    static const NamedRect kNone;
    const auto found = look_state.widgets.find(name);
    if (found != look_state.widgets.end()) return found->second;
    ADD_FAILURE() << "no widget " << name;
    return kNone;
}

PointF Desk::on_screen(PointF image) const {
    return render::to_screen(shell.canvas.view, panes_of(view, shell.canvas).b, image);
}

} // namespace mw::ui::test
