// The sign-in form.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";

export function SignIn({ desk, words, language, setLanguage }) {
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const name = useRef(null);
  const password = useRef(null);
  useEffect(() => name.current.focus(), []);

  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await desk.signIn(name.current.value.trim(), password.current.value);
    } catch (refusal) {
      setProblem(words.has(refusal.code) ? refusal.code : refusal.status === 422 ? "sign_in_refused" : "internal_error");
      setBusy(false);
      password.current?.focus();
    }
  };
  return html`<main class="sign-in">
    <form onSubmit=${submit} aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">${words("product")}</h1>
      <p class="soft">${words("sign_in_lead")}</p>
      <label for="name">${words("name")}</label>
      <input ref=${name} id="name" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="128" aria-describedby="sign-in-problem" />
      <label for="password">${words("password")}</label>
      <input ref=${password} id="password" name="password" type="password" autocomplete="current-password" required maxlength="200" aria-describedby="sign-in-problem" />
      <p class="problem" id="sign-in-problem" role="alert">${problem ? words(problem) : ""}</p>
      <button class="primary" type="submit" aria-disabled=${busy ? "true" : "false"}>${words(busy ? "signing_in" : "sign_in")}</button>
    </form>
    <button class="quiet" type="button" lang=${language === "en" ? "zh-Hans" : "en"} onClick=${() => setLanguage(language === "en" ? "zh-Hans" : "en")}>${words("language")}</button>
  </main>`;
}
