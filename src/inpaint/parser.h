// One operation of a prompt: the first words decide which. Internal to the room; see words.h for
// the grammar.
#pragma once

#include "inpaint/color_names.h"
#include "inpaint/grammar_words.h"
#include "inpaint/refusal.h"
#include "inpaint/words.h"

namespace mw::inpaint {

class Parser {
  public:
    // `prompt` is repeated in refusals; `texts` are what was quoted (quoted_text.h), and outlive
    // this.
    Parser(std::string_view prompt, Words words, const std::vector<std::string>& texts)
        : prompt_(prompt), words_(std::move(words)), texts_(texts) {}

    Result<Operation> parse();

  private:
    Result<Operation> no(std::string_view reason, Ability nearest) const;
    bool is_remove() const;
    static bool is_gray(const Words& words);
    static bool is_blurry(const Words& words);
    bool is_level(std::string_view verb) const;
    bool has(Set set) const;
    double by_adverb() const;
    // A share, where one is given: within 0 .. `most`, else nothing.
    std::optional<double> share(double usual, double most) const;
    // "change the red car to blue"; "turn it blue"
    Result<Operation> change() const;
    Result<Operation> make(const Words& words) const;
    // "apply a gaussian blur of 12 px"
    Result<Operation> apply() const;
    Result<Operation> exposure(int sign) const;
    Result<Operation> desaturation(int sign) const;
    Result<Operation> contrast(int sign) const;
    Result<Operation> temper(int sign) const;
    Result<Operation> hue() const;
    // "lift the shadows by 20 %"
    Result<Operation> tone() const;
    // "curve 64 to 80, 192 to 200"
    Result<Operation> curve() const;
    // "increase the brightness by 20 %"
    Result<Operation> level() const;
    Result<Operation> remove() const;
    Result<Operation> blur() const;
    Result<Operation> pixelate() const;
    Result<Operation> sharpen() const;
    Result<Operation> denoise() const;
    // "fill it with a gradient from red to black, downwards"
    Result<Operation> fill() const;
    // The colour that all of the words spell.
    static std::optional<NamedColor> whole_color(const Words& words);
    static Words without_color_word(Words words);
    // "redact the name"; has its say before any amount
    bool is_redact() const;
    // "clone from 120,80", "heal the scar by -60,0"
    bool is_clone() const;
    Result<Operation> clone() const;
    Result<Operation> recolor(const Words& all) const;
    bool is_text() const;
    Result<Operation> text() const;

    std::string_view prompt_;
    Words words_;
    const std::vector<std::string>& texts_;
    Words rest_; // without the amount
    std::vector<Amount> found_;
};

} // namespace mw::inpaint
