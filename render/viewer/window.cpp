// The window: SFML's events to the viewer's keys, sixty pictures a second.
#include <SFML/Graphics.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>

#include "core/error.h"
#include "core/run_log.h"
#include "render/png.h"
#include "render/sfml_canvas.h"
#include "render/viewer/viewer.h"
#include "render/viewer/watch.h"

namespace render {

namespace {

Key key_of(sf::Keyboard::Key code) {
  static constexpr std::pair<sf::Keyboard::Key, Key> known[] = {
      {sf::Keyboard::Space, Key::space}, {sf::Keyboard::Left, Key::left}, {sf::Keyboard::Right, Key::right},
      {sf::Keyboard::Up, Key::up},       {sf::Keyboard::Down, Key::down}, {sf::Keyboard::Home, Key::home},
      {sf::Keyboard::End, Key::end},     {sf::Keyboard::N, Key::n},       {sf::Keyboard::P, Key::p},
      {sf::Keyboard::R, Key::r},         {sf::Keyboard::O, Key::o},       {sf::Keyboard::C, Key::c},
      {sf::Keyboard::M, Key::m},         {sf::Keyboard::T, Key::t},       {sf::Keyboard::H, Key::h},
      {sf::Keyboard::Q, Key::q},         {sf::Keyboard::Escape, Key::q}};
  for (const auto& [theirs, ours] : known)
    if (code == theirs) return ours;
  const auto digit = [code](sf::Keyboard::Key zero) {
    return static_cast<int>(code) - static_cast<int>(zero);
  };
  for (const int d : {digit(sf::Keyboard::Num0), digit(sf::Keyboard::Numpad0)})
    if (d >= 0 && d <= 9) return static_cast<Key>(static_cast<int>(Key::digit0) + d);
  return Key::none;
}

// As the person sees it: what was drawn last.
void save_screen(const sf::RenderWindow& window, const std::filesystem::path& file) {
  sf::Texture texture;
  texture.create(window.getSize().x, window.getSize().y);
  texture.update(window);
  const sf::Image seen = texture.copyToImage();
  const sf::Uint8* pixels = seen.getPixelsPtr();
  const auto size = static_cast<size_t>(seen.getSize().x) * seen.getSize().y * 4;
  write_png(
      {static_cast<int>(seen.getSize().x), static_cast<int>(seen.getSize().y), 4, {pixels, pixels + size}},
      file);
}

// atelier-1.png, atelier-2.png, ... in the working folder.
std::filesystem::path free_name() {
  for (int k = 1;; ++k)
    if (std::filesystem::path name = fmt::format("atelier-{}.png", k); !std::filesystem::exists(name))
      return name;
}

// Ctrl-C closes the window as Q does, so that nothing is left behind.
volatile std::sig_atomic_t signal_received = 0;

void receive(int signal) { signal_received = signal; }

// Without a graphics card smooth edges cost eight times as much processor time as plain ones: what trains
// beside the window has a better use for it.
constexpr unsigned smooth = 8;  // samples of a pixel

bool beside_training(const WatchOptions& options) {
  return std::any_of(options.sources.begin(), options.sources.end(), [](const Source& source) {
    return !source.run.empty() && core::RunFile(source.run).attribute("status") == "running";
  });
}

class Window {
 public:
  Window(Viewer& viewer, const WatchOptions& options)
      : viewer_(viewer),
        options_(options),
        window_(sf::VideoMode(static_cast<unsigned>(options.width), static_cast<unsigned>(options.height)),
                "Atelier", sf::Style::Default,
                sf::ContextSettings(0, 0, beside_training(options) ? 0 : smooth)),
        canvas_(window_),
        keys_(options.keys) {
    window_.setFramerateLimit(beside_training(options) ? 30 : 60);
    window_.setKeyRepeatEnabled(true);
    centre();
  }

  bool is_open() const { return window_.isOpen(); }

  void run() {
    sf::Clock clock;
    while (!viewer_.done() && window_.isOpen() && !signal_received) {
      take_events();
      press_next();
      viewer_.advance(clock.restart().asSeconds());
      const bool over =
          options_.seconds > 0 && whole_.getElapsedTime().asSeconds() >= options_.seconds && keys_.eof();
      if (viewer_.changed() || over)
        draw(over);
      else
        sf::sleep(sf::milliseconds(10));
      if (over) window_.close();
    }
    if (options_.seconds > 0)
      fmt::print("{} pictures in {:.2f} s\n", pictures_, whole_.getElapsedTime().asSeconds());
  }

 private:
  // SFML 2.5 takes a screen to be as high as it is wide.
  void centre() {
    const sf::VideoMode screen = sf::VideoMode::getDesktopMode();
    const auto middle = [](unsigned all, int part) {
      return std::max(0, (static_cast<int>(all) - part) / 2);
    };
    window_.setPosition({middle(screen.width, options_.width), middle(screen.height, options_.height)});
  }

  void draw(bool last) {
    viewer_.draw(canvas_, window_.getSize().x, window_.getSize().y);
    if (last && !options_.screenshot.empty()) save_screen(window_, options_.screenshot);
    window_.display();
    ++pictures_;
    if (const std::string title = viewer_.caption().title; title != title_) {
      title_ = title;
      window_.setTitle(sf::String::fromUtf8(title.begin(), title.end()));
    }
  }

  // Of --keys, one a frame; it is held until the next one.
  void press_next() {
    std::string name;
    if (!(keys_ >> name)) return;
    viewer_.release(pressed_);
    pressed_ = key_named(name);
    viewer_.press(pressed_);
  }

  void take_events() {
    for (sf::Event event; window_.pollEvent(event);) take(event);
  }

  void take(const sf::Event& event) {
    const sf::Vector2u size = window_.getSize();
    const auto point = [&](int x, int y) { viewer_.point(x, y, size.x, size.y); };
    switch (event.type) {
      case sf::Event::Closed:
        return viewer_.press(Key::q);
      case sf::Event::KeyPressed:
        if (event.key.code == sf::Keyboard::S) return save_screen(window_, free_name());
        return viewer_.press(key_of(event.key.code));
      case sf::Event::KeyReleased:
        return viewer_.release(key_of(event.key.code));
      case sf::Event::MouseButtonPressed:
        return point(event.mouseButton.x, event.mouseButton.y);
      case sf::Event::MouseMoved:
        if (sf::Mouse::isButtonPressed(sf::Mouse::Left)) point(event.mouseMove.x, event.mouseMove.y);
        return;
      case sf::Event::Resized:
      case sf::Event::GainedFocus:
        return viewer_.press(Key::none);  // paints anew
      default:
        return;
    }
  }

  Viewer& viewer_;
  const WatchOptions& options_;
  sf::RenderWindow window_;
  SfmlCanvas canvas_;
  std::istringstream keys_;
  sf::Clock whole_;
  std::string title_;
  int64_t pictures_ = 0;  // drawn
  Key pressed_ = Key::none;
};

}  // namespace

int show(Viewer& viewer, const WatchOptions& options) {
  require_display();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, receive);
  std::ostringstream remarks;  // SFML's, on OpenGL without a card: they matter where no window comes of it
  std::streambuf* const usual = sf::err().rdbuf(remarks.rdbuf());
  Window window(viewer, options);
  sf::err().rdbuf(usual);
  core::check(window.is_open(), "no window could be opened: {}", remarks.str());
  window.run();
  return signal_received ? 128 + signal_received : 0;
}

}  // namespace render
