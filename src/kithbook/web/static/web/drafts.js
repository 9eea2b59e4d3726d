// Drafts: copy the text as it was changed, and hand the changed text to the mail program.
(() => {
  "use strict";
  const text = (element) => element.closest("[data-draft]").querySelector("textarea").value;

  document.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      await navigator.clipboard.writeText(text(copy));
      const label = copy.textContent;
      copy.textContent = copy.dataset.copied;
      setTimeout(() => { copy.textContent = label; }, 1500);
    }
    const mail = event.target.closest("[data-mail]");
    if (mail) {
      const body = encodeURIComponent(text(mail).replace(/\r?\n/g, "\r\n"));
      mail.href = mail.href.replace(/([?&]body=)[^&]*/, `$1${body.replace(/\$/g, "$$$$")}`);
    }
  });
})();
