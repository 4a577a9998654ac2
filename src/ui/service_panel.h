// What goes with a request to a service: quality, references, the key, warnings, today's spending.
#pragma once

#include <imgui.h>

#include <array>
#include <functional>
#include <map>
#include <string>

#include "session/action.h"
#include "ui/size_field.h"

namespace mw::ui {

struct ServicePanelState {
    // Set by whoever owns the keys. Takes the key and says what went wrong, or nothing. The key
    // goes nowhere else: it is in no action and in no view.
    std::function<std::string(const std::string& provider, std::string key, bool keyring)> set_key;
    std::array<char, 512> typed{}; // wiped when the popup closes
    bool in_keyring = false;
    bool popup_open = false;
    std::string problem;
    SizeFieldState size;
    std::map<image::ImageRef, ImTextureID> pictures; // of references
    bool turns_open = false;                         // of the conversation
    bool add_reference = false; // set: the file dialog is wanted; the shell opens it
};

// Nothing where the engine of this machine is chosen.
void draw_service(const session::SessionView& view, ServicePanelState& state,
                  session::Actions& out);

// Several cheap candidates to look for the right words, or one at the best quality; of models that
// have a low and a high one.
enum class Effort { draft, final_, other };
Effort effort_of(const edit::ModelCapabilities& model, const session::RequestSettings& settings);
void set_effort(Effort effort, const edit::ModelCapabilities& model,
                session::RequestSettings& settings);

// Gives the textures back.
void drop_pictures(ServicePanelState& state);

// Parameters that are seldom changed: background, fidelity, format, previews. Only what the model
// has.
void draw_parameters(const edit::ModelCapabilities& model, session::RequestSettings& next);

} // namespace mw::ui
