// Real frames of the panels without a window: input goes in as events, actions come out.
#pragma once

#include <gtest/gtest.h>
#include <imgui.h>

#include "ui/look.h"
#include "ui/shell.h"

namespace mw::ui::test {

class Desk : public ::testing::Test {
  protected:
    Desk();
    ~Desk() override;

    // A picture of this size on the desk, with a full square of mask in its middle.
    void open_picture(Size size = {640, 480});
    // Adds an iteration that changes that square; gives its id.
    project::IterationId add_iteration(project::Standing standing = project::Standing::proposed);
    void show(project::IterationId id);

    // Of the window, window coordinates, and of everything in it.
    void resize(float width, float height, float scale);
    void frame(); // one frame; its actions are appended to `actions`
    void settle(int frames = 3);
    void point_at(PointF window);
    void click(std::string_view widget, int button = 0);
    void press(ImGuiKey key, int mods = 0);
    void hold(ImGuiKey key, bool down);
    void type(const char* utf8);
    void pointer(PointerKind kind, PointF at, int button = 0);
    const NamedRect& widget(std::string_view name) const;
    PointF on_screen(PointF image) const; // window coordinates

    template <class A>
    int count() const {
        int n = 0;
        for (const session::Action& a : actions)
            n += std::holds_alternative<A>(a);
        return n;
    }
    // The last action of a kind; a failed test and a default when there is none.
    template <class A>
    A last() const {
        for (auto a = actions.rbegin(); a != actions.rend(); ++a)
            if (const A* found = std::get_if<A>(&*a)) return *found;
        ADD_FAILURE() << "no such action among " << actions.size();
        return {};
    }

    session::Preferences preferences;
    Look look_state;
    ShellState shell;
    session::SessionView view;
    session::Actions actions;
    std::vector<PointerEvent> events;
    std::unique_ptr<project::Document> document;
};

} // namespace mw::ui::test
