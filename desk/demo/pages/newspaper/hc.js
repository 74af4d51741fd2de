window.HC=window.HC||{};
