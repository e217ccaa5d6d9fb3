// A parser by recursive descent: a function for each level of binding.
#include "supervised/scratch/expression.h"

#include <cctype>
#include <charconv>
#include <vector>

#include "core/error.h"
#include "core/nearest.h"

namespace supervised::scratch {
namespace {

using Function = Var (*)(const Var&);

const std::map<std::string, Function>& functions() {
  static const std::map<std::string, Function> table{
      {"exp", exp}, {"log", log}, {"relu", relu}, {"sigmoid", sigmoid}, {"tanh", tanh}};
  return table;
}

class Parser {
 public:
  Parser(const std::string& text, const std::map<std::string, double>& values)
      : text_(text), values_(values) {}

  Expression whole() {
    const Var result = sum();
    if (peek() != '\0') refuse("an operator");
    for (const auto& [name, value] : values_)
      core::check(variables_.contains(name), "expression '{}' has no '{}', which was given a value", text_,
                  name);
    return {result, variables_};
  }

 private:
  Var sum();
  Var product();
  Var power();
  Var atom();
  Var number();
  Var word();
  Var parenthesised();

  char peek() {  // the next character that is no blank; '\0' at the end
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }
  [[noreturn]] void refuse(const std::string& expected) {
    const std::string found = peek() == '\0' ? "the end" : std::string("'") + peek() + "'";
    core::fail("expression '{}', column {}: expected {}, found {}", text_, at_ + 1, expected, found);
  }

  const std::string& text_;
  const std::map<std::string, double>& values_;
  std::map<std::string, Var> variables_;
  size_t at_ = 0;
  int depth_ = 0;  // of what is open
};

Var Parser::sum() {
  Var total = product();
  while (true) {
    if (take('+'))
      total = total + product();
    else if (take('-'))
      total = total - product();
    else
      return total;
  }
}

Var Parser::product() {
  Var total = power();
  while (true) {
    if (take('*'))
      total = total * power();
    else if (take('/'))
      total = total / power();
    else
      return total;
  }
}

Var Parser::power() {
  constexpr int deepest = 1000;
  core::check(++depth_ <= deepest, "expression, column {}: more than {} levels deep", at_ + 1, deepest);
  const auto read = [this]() -> Var {
    if (take('-')) return -power();
    Var base = atom();
    if (!take('^')) return base;
    const Var exponent = power();
    return exponent.node()->is_leaf() && exponent.node()->name.empty() ? pow(base, exponent.value())
                                                                       : pow(base, exponent);
  };
  Var result = read();
  --depth_;
  return result;
}

Var Parser::atom() {
  const char next = peek();
  if (next == '(') return parenthesised();
  if (std::isdigit(static_cast<unsigned char>(next)) != 0 || next == '.') return number();
  if (std::isalpha(static_cast<unsigned char>(next)) != 0 || next == '_') return word();
  refuse("a number, a name or '('");
}

Var Parser::parenthesised() {
  if (!take('(')) refuse("'('");
  Var inside = sum();
  if (!take(')')) refuse("')'");
  return inside;
}

Var Parser::number() {
  double value = 0;
  const char* end = text_.data() + text_.size();
  const auto [rest, error] = std::from_chars(text_.data() + at_, end, value);
  if (error != std::errc()) refuse("a number");
  at_ = static_cast<size_t>(rest - text_.data());
  return {value};
}

Var Parser::word() {
  const size_t first = at_;
  const auto belongs = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  while (at_ < text_.size() && belongs(text_[at_])) ++at_;
  const std::string name = text_.substr(first, at_ - first);
  if (peek() == '(') {
    std::vector<std::string> known;
    for (const auto& [function, made] : functions()) known.push_back(function);
    const auto function = functions().find(name);
    core::check(function != functions().end(), "expression '{}', column {}: no function '{}'{}", text_,
                first + 1, name, core::suggestion(name, known));
    return function->second(parenthesised());
  }
  const auto value = values_.find(name);
  core::check(value != values_.end(), "expression '{}', column {}: '{}' has no value, expected {}=NUMBER",
              text_, first + 1, name, name);
  return variables_.try_emplace(name, value->second, name).first->second;
}

}  // namespace

Expression evaluate(const std::string& text, const std::map<std::string, double>& values) {
  return Parser(text, values).whole();
}

}  // namespace supervised::scratch
