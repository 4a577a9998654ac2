#include "ui/jobs_panel.h"

#include <fmt/format.h>
#include <imgui.h>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::JobKind;
using session::JobState;
using session::JobView;

bool going(const JobView& job) {
    return job.state == JobState::waiting || job.state == JobState::running;
}

bool is_shown(const JobView& job) {
    if (session::is_quiet(job.kind)) return false;
    return going(job) || job.state == JobState::failed;
}

std::string phase_words(const JobView& job) {
    if (job.cancel_asked) return "cancelling";
    if (job.state == JobState::waiting) return "waiting";
    switch (job.kind) {
        case JobKind::open:
            return "opening";
        case JobKind::export_:
            return "exporting";
        case JobKind::mask_file:
            return "mask file";
        default:
            break;
    }
    const std::string phase(edit::to_string(job.phase));
    return job.parts > 1 ? fmt::format("part {} of {}: {}", job.part + 1, job.parts, phase) : phase;
}

void draw_progress(const JobView& job, float width) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(at, {at.x + width, at.y + px(3)}, colors().field, px(1));
    if (job.fraction)
        list->AddRectFilled(at, {at.x + width * static_cast<float>(*job.fraction), at.y + px(3)},
                            colors().accent_line, px(1));
    ImGui::Dummy({width, px(3)});
}

void draw_job(const JobView& job, session::Actions& out) {
    ImGui::PushID(static_cast<int>(job.id));
    const float width = ImGui::GetContentRegionAvail().x;
    const bool running = going(job);
    const float buttons = px(running ? 28 : 60);
    const ImVec2 start = ImGui::GetCursorPos();
    const char* icon = running ? icons::kHourglassEmpty : icons::kError;
    icon_text(icon, "", running ? colors().text_second : colors().error);
    ImGui::SetCursorPos({start.x + px(24), start.y});
    text_cut(job.label, width - buttons - px(32));
    name_item(fmt::format("job.{}", job.id));
    ImGui::SetCursorPos({start.x + width - buttons, start.y - px(4)});
    if (running) {
        if (icon_button("job.cancel", icons::kClose, false, !job.cancel_asked, 26))
            out.push_back(session::CancelJob{job.id});
        tooltip("Cancel", "Shift+Esc",
                !job.paid      ? "Nothing is billed: the engine runs on this machine."
                : job.can_stop ? "The service is told to stop; what it has done may be billed."
                               : "The service cannot be stopped: once the request has left, it may "
                                 "be billed all the same.");
    } else {
        if (icon_button("job.copy", icons::kContentCopy, false, true, 26))
            ImGui::SetClipboardText(job.error.c_str());
        tooltip("Copy the message");
        ImGui::SameLine(0, px(4));
        if (icon_button("job.dismiss", icons::kClose, false, true, 26))
            out.push_back(session::DismissJob{job.id});
        tooltip("Dismiss");
    }
    ImGui::SetCursorPos({start.x + px(24), start.y + px(20)});
    if (running) {
        const std::chrono::duration<double> elapsed =
            std::chrono::steady_clock::now() - job.submitted;
        std::string words = fmt::format("{} · {:.0f} s", phase_words(job), elapsed.count());
        // Where the engine tells no share of the work, what it took before is all there is to say.
        if (job.usual_s && *job.usual_s >= 1)
            words += fmt::format(", usually {:.0f} s", *job.usual_s);
        text(words, colors().text_second, look().fonts.small);
        ImGui::SetCursorPos({start.x, start.y + px(40)});
        draw_progress(job, width);
    } else {
        ImGui::PushTextWrapPos(ImGui::GetContentRegionMax().x);
        text(job.error, colors().text_second, look().fonts.small);
        ImGui::PopTextWrapPos();
    }
    ImGui::PopID();
}

} // namespace

bool any_job_shown(const session::SessionView& view) {
    for (const JobView& job : view.jobs)
        if (is_shown(job)) return true;
    return false;
}

void draw_jobs_panel(const session::SessionView& view, session::Actions& out) {
    for (auto job = view.jobs.rbegin(); job != view.jobs.rend(); ++job)
        if (is_shown(*job)) draw_job(*job, out);
}

} // namespace mw::ui
