// Follow-ups that the wrap-up opens: one of each kind, with what is to be done and until when.
import { html } from "htm/preact";

function FollowUp({ id, kind, title, ticket, wrapping, words }) {
  const change = (how) => wrapping.changeTicket(id, kind, how);
  return html`<div class="follow-up">
    <label class="switch-line"><input type="checkbox" name=${`ticket-${kind}`} checked=${ticket.on} onChange=${(event) => change({ on: event.currentTarget.checked })} />${title}</label>
    ${ticket.on && html`<div class="form-row"><label for=${`ticket-${kind}-text`}>${words("ticket_text")}</label><textarea id=${`ticket-${kind}-text`} rows="2" maxlength="1000" placeholder=${words("ticket_text_hint")} value=${ticket.text} onInput=${(event) => change({ text: event.currentTarget.value })}></textarea></div>
      <div class="form-row hours"><label for=${`ticket-${kind}-due`}>${words("ticket_due")}</label><input id=${`ticket-${kind}-due`} type="number" min="1" max="720" value=${ticket.due} onInput=${(event) => change({ due: event.currentTarget.value })} /></div>`}
  </div>`;
}

export function FollowUps({ id, wrap, wrapping, words }) {
  return html`<fieldset><legend>${words("follow_ups")}</legend>
    ${wrap.options.tickets.map(({ kind }) => html`<${FollowUp} key=${kind} id=${id} kind=${kind} title=${words.has(`kind_${kind}`) ? words(`kind_${kind}`) : kind} ticket=${wrap.tickets[kind]} wrapping=${wrapping} words=${words} />`)}
  </fieldset>`;
}
