// What goes with a request to a service: quality, references, the key, warnings, today's spending.
#pragma once

#include <array>
#include <functional>
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
    bool turns_open = false;    // of the conversation
    bool add_reference = false; // set: the file dialog is wanted; the shell opens it
};

// Nothing where the engine of this machine is chosen.
void draw_service(const session::SessionView& view, ServicePanelState& state,
                  session::Actions& out);

// Parameters that are seldom changed: background, fidelity, format, previews. Only what the model
// has.
void draw_parameters(const edit::ModelCapabilities& model, session::RequestSettings& next);

} // namespace mw::ui
