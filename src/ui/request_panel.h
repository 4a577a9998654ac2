// Request: what should change, who does it, what is sent and what it costs; Run.
#pragma once

#include "session/action.h"
#include "ui/prompt_recall.h"
#include "ui/service_panel.h"
#include "ui/text_area.h"

namespace mw::ui {

struct RequestPanelState {
    TextAreaState prompt;
    ServicePanelState service;
    PromptRecallState recall;
    bool show_options = false;
    bool focus_prompt = false; // set: the prompt takes the keyboard in the next frame
};

// "512 × 448 px, 1:1": what is sent, and its scale against the picture.
std::string plan_words(const edit::CropPlan& plan);

void draw_request_panel(const session::SessionView& view, RequestPanelState& state,
                        session::Actions& out);

} // namespace mw::ui
